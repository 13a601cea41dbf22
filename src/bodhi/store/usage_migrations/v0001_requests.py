"""Requests, and their sums by minute, hour and day."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_COUNTS = (
    "requests", "finished", "refused", "failed", "interrupted", "left",
    "prompt_tokens", "cached_tokens", "completion_tokens",
)  # fmt: skip
_MEASURES = ("first_token_ms", "first_tokens", "duration_ms", "generation_ms", "timed_tokens")


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "subjects",
        sa.Column("id", sa.Integer, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("uid", "alias", "source", "model", "template")
        ),
        sa.Column("last_at", sa.Float, nullable=False),
        sa.UniqueConstraint("uid", "source", "model", "template", name="subjects_one_each"),
    )
    _create_requests()
    for name in ("minutes", "hours", "days"):
        op.create_table(
            name,
            sa.Column("bucket", sa.Integer, primary_key=True),
            sa.Column("subject_id", sa.Integer, sa.ForeignKey("subjects.id"), primary_key=True),
            *(sa.Column(one, sa.Integer, nullable=False, server_default="0") for one in _COUNTS),
            *(sa.Column(one, sa.Float, nullable=False, server_default="0") for one in _MEASURES),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "adjustments",
        sa.Column("bucket", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("uid", "field", "origin")),
        sa.Column("times", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("subject_id", sa.Integer, sa.ForeignKey("subjects.id"), nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("prompt_tokens", sa.Integer),
        sa.Column("cached_tokens", sa.Integer),
        sa.Column("completion_tokens", sa.Integer),
        sa.Column("first_token_ms", sa.Float),
        sa.Column("duration_ms", sa.Float, nullable=False),
        sa.Column("generation_ms", sa.Float),
        sa.Column("tokens_per_s", sa.Float),
        sa.Column("overridden", sa.Text),
        sa.Column("user", sa.Text),
        sa.Column("key_id", sa.Text),
    )
    op.create_index("requests_by_request_id", "requests", ["request_id"], unique=True)
