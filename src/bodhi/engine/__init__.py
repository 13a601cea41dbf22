"""Engines: llama.cpp in child processes, one per load key; slots on them, lent in turn."""
