"""Experiments one by one, and their number by day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From requests alone."""
    op.create_table(
        "experiments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("experiment_id", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "uid", "changed_fields")),
    )
    op.create_index("experiments_by_experiment_id", "experiments", ["experiment_id"], unique=True)
    op.create_table(
        "experiment_days",
        sa.Column("bucket", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("uid", "kind")),
        sa.Column("times", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
