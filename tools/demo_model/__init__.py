"""The project's own demo model: grammar, training, export and evaluation."""
