"""Bodhi serves local language models by alias: a named recipe behind one OpenAI-compatible API."""

__version__ = "0.1.0"
