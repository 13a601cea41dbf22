"""The parameter registry and everything that follows from it alone. Pure: no I/O in this room."""
