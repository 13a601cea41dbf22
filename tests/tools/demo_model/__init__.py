"""Tests of the pure parts of the demo model's making: grammar, split, conversations."""
