"""Usage: one record of each request, kept as rollups, told as figures. Never prompt text."""
