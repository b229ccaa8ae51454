# The layer, published from its zip: for whoever has no `warmkey publish`.
terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "zip" {
  description = "The layer's zip of a release, or of `make layer`: warmkey-layer-arm64.zip."
  type        = string
}

variable "architecture" {
  description = "The zip's architecture: it holds an executable."
  type        = string

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Is arm64 or x86_64."
  }
}

resource "aws_lambda_layer_version" "warmkey" {
  layer_name               = "warmkey-${var.architecture}" # by which attach, status and doctor know it
  filename                 = var.zip
  source_code_hash         = filebase64sha256(var.zip)
  compatible_architectures = [var.architecture]
  skip_destroy             = true # functions that were not changed yet have the old version
}

output "layer_arn" {
  description = "For the module beside this one."
  value       = aws_lambda_layer_version.warmkey.arn
}
