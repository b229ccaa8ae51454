output "layers" {
  description = "For the function's `layers`."
  value       = [var.layer_arn]
}

output "environment" {
  description = "For the `variables` of the function's `environment`; merge your own."
  value       = local.variables

  precondition {
    condition     = length(local.reserved) == 0
    error_message = "${join(", ", local.reserved)}: Lambda sets this variable itself, and refuses to have it set; choose another alias."
  }

  precondition {
    condition     = length(local.unnamed) == 0
    error_message = "${join(", ", local.unnamed)}: not a valid name of a function's variable; use letters, digits and _, the first a letter; declare other aliases in warmkey.json."
  }

  precondition {
    condition     = !var.exec || !can(regex(local.rules.wrapper.unsupported, var.runtime))
    error_message = "The runtime ${var.runtime} does not support exec wrappers; leave out exec and read the endpoint."
  }
}

output "policy_json" {
  description = "For a policy of the function's role: an `aws_iam_role_policy`; empty where it needs none."
  value       = length(local.statements) == 0 ? "" : jsonencode({ Version = "2012-10-17", Statement = local.statements })

  precondition {
    condition     = length(local.known) == 0 || can(local.known[local.stage])
    error_message = "The stage ${var.stage == "" ? "(none)" : var.stage} is not in warmkey.json; known stages: ${join(", ", keys(local.known))}; add it, or a \"fallback\"."
  }

  precondition {
    condition     = !anytrue(local.declared[*].needs)
    error_message = "A reference needs a stage that is known; set stage, or add *=… to stages."
  }

  precondition {
    condition     = length(local.strange) == 0
    error_message = "${join(", ", local.strange)}: not a reference; it is like /name, ssm:/path/*, secretsmanager:name or an ARN."
  }
}
