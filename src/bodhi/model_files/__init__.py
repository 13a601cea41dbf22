"""The model files on disk: found in the hub cache and added folders, read, named, listed."""
