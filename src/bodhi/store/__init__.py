"""The database: one SQLite file each for what is kept apart, its tables changed by migrations."""
