variable "layer_arn" {
  description = "The layer version's ARN, as `warmkey publish` prints it, for the function's region and architecture."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$", var.layer_arn))
    error_message = "Needs a layer version's ARN, which ends in a number."
  }
}

variable "secrets" {
  description = "References by the variables that declare them: { STRIPE_KEY = \"/stripeKey/{stage}\" }."
  type        = map(string)
  default     = {}
}

variable "config" {
  description = "What the package's warmkey.json declares besides, for the role's permissions: file(\"warmkey.json\")."
  type        = string
  default     = "{}"
}

variable "stage" {
  description = "The stage, which becomes WARMKEY_STAGE."
  type        = string
  default     = ""
}

variable "stages" {
  description = "What {stage} becomes in each stage, * in any other, which becomes WARMKEY_STAGES."
  type        = map(string)
  default     = {}
}

variable "exec" {
  description = "Whether the runtime is started through the exec wrapper."
  type        = bool
  default     = false
}

variable "runtime" {
  description = "The function's runtime, to see whether it runs wrappers."
  type        = string
  default     = ""
}

variable "kms_key" {
  description = "ARN, id or alias/NAME of the customer managed KMS key that encrypts the secrets, if any."
  type        = string
  default     = ""
}

variable "account_id" {
  description = "The account in which names are looked up; the layer's own unless given."
  type        = string
  default     = ""
}
