"""What could be better about an alias: old flags, other builds, recommendations with a source."""
