"""The templates of `layer/templates`, read as their own tools read them."""
