"""Runs recipes that are not saved: the data plane, entered behind the resolution of a name."""
