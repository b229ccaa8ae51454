# What the function may read. The parameters are named here, never read: a data source
# "aws_ssm_parameter" would put their values into the state.
locals {
  region  = data.aws_region.current.id
  account = data.aws_caller_identity.current.account_id
  aws     = "arn:${data.aws_partition.current.partition}"

  # Of this stage alone: dev can't read the live key, whatever its code does.
  parameters = [
    "${local.aws}:ssm:${local.region}:${local.account}:parameter/notes/prices",
    "${local.aws}:ssm:${local.region}:${local.account}:parameter/stripeSecretKey/${var.stage == "prod" ? "live" : "test"}",
  ]
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

resource "aws_iam_role_policy" "secrets" {
  name   = "secrets"
  role   = aws_iam_role.billing.id
  policy = data.aws_iam_policy_document.secrets.json
}

data "aws_iam_policy_document" "secrets" {
  # GetParameters reads all of them in a cold start, GetParameter refreshes one.
  statement {
    sid       = "ReadParameters"
    actions   = ["ssm:GetParameter", "ssm:GetParameters"]
    resources = local.parameters
  }

  # A key's ARN is not known from its alias, hence key/* and the conditions: only the key of that
  # alias, only through SSM, only for these parameters.
  statement {
    sid       = "DecryptParameters"
    actions   = ["kms:Decrypt"]
    resources = ["${local.aws}:kms:${local.region}:${local.account}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [var.kms_key_alias]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["ssm.${local.region}.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:PARAMETER_ARN"
      values   = local.parameters
    }
  }
}
