"""Aliases: named recipes, one YAML file each, found by the name in a request."""
