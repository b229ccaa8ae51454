"""The stores of secrets: what they hold, and one name in each as an operator uses it."""
