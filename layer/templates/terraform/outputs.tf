output "function" {
  description = "The function's name, for `aws lambda invoke`."
  value       = aws_lambda_function.billing.function_name
}
