"""The operator's command, against an AWS that moto keeps."""
