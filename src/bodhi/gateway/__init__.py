"""The OpenAI-compatible surface under ``/v1``: the data plane."""
