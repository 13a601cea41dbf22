"""Which chat template an alias uses, its text, and the one function that renders it."""
