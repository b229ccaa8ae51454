variable "stage" {
  description = "prod charges with the live key; dev, and any other stage, with the test key."
  type        = string
  default     = "dev"
}

variable "warmkey_layer" {
  description = "ARN of the layer for this region and architecture, as `warmkey publish` prints it."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$", var.warmkey_layer))
    error_message = "Needs a layer version's ARN, which ends in a number."
  }
}

variable "package" {
  description = "The zip with the function's code and warmkey.json, which declares the secrets."
  type        = string
  default     = "notes.zip"
}

variable "architecture" {
  description = "The layer holds an executable, so it has to be the layer's."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Is arm64 or x86_64."
  }
}

variable "kms_key_alias" {
  description = "The KMS key that encrypts the parameters; AWS's own unless you chose one."
  type        = string
  default     = "alias/aws/ssm"
}
