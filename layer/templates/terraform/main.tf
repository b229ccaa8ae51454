# A Lambda function with Warmkey, by Terraform or OpenTofu:
#   terraform apply -var stage=prod -var warmkey_layer=ARN
terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80" # which knows python3.13; 5.75 refused it
    }
  }
}

resource "aws_lambda_function" "billing" {
  function_name    = "notes-${var.stage}-billing"
  role             = aws_iam_role.billing.arn
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  handler          = "app.handler"
  runtime          = "python3.13"
  architectures    = [var.architecture]
  memory_size      = 512
  timeout          = 10
  layers           = [var.warmkey_layer]

  tracing_config {
    mode = "Active" # X-Ray
  }

  environment {
    variables = {
      STAGE = var.stage # chooses the row of warmkey.json
    }
  }
}

resource "aws_iam_role" "billing" {
  name               = "notes-${var.stage}-billing"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.billing.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "traces" {
  role       = aws_iam_role.billing.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"
}
