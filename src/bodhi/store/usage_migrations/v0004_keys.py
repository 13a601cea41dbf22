"""Requests by key and day; those of before are counted as far as their records are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From the records themselves."""
    op.create_table(
        "key_days",
        sa.Column("bucket", sa.Integer, primary_key=True),
        sa.Column("key_id", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("requests", "prompt_tokens", "completion_tokens")
        ),
        sa.Column("last_at", sa.Float, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO key_days SELECT CAST(max(started_at, 0) AS INTEGER) / 86400 * 86400 AS day,"
        " key_id, count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),"
        " max(started_at) FROM requests WHERE key_id IS NOT NULL GROUP BY day, key_id"
    )
