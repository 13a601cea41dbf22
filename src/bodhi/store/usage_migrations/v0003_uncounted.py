"""How many requests finished whose tokens nobody counted; of those before, none is known to be."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One more sum."""
    for name in ("minutes", "hours", "days"):
        column = sa.Column("uncounted", sa.Integer, nullable=False, server_default="0")
        op.add_column(name, column)
