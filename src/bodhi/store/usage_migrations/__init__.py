"""The migrations of the database of usage, a file each; alembic finds them by their folder."""

from pathlib import Path

FOLDER = Path(__file__).parent
REVISIONS = ("0001", "0002", "0003", "0004")
