"""Who may ask for what: keys, their scopes, and the file that keeps their digests."""
