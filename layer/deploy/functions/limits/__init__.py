"""What Lambda would refuse of a function's layers, found out beforehand."""
