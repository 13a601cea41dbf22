"""Things that break, one file a fault: the promise of docs/explanation/reliability.md, provoked."""
