"""The rules by which findings are made, one file per group. Pure."""
