"""Which tables a database has: made whole where there are none, migrated where they are older.

The revision stands in the table ``alembic_version``. Alembic itself is imported only to migrate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bodhi.errors import DatabaseTooNew

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, MetaData


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables, and the migrations that lead to them.

    ``revisions`` are all that this version knows, oldest first; ``folder`` holds one file for each.
    ``tables`` gives the present tables, and is called when they are needed.
    """

    tables: "Callable[[], MetaData]"
    revisions: tuple[str, ...]
    folder: Path

    def bring_up(self, engine: "Engine") -> None:
        """Leave the tables of the last revision: in one transaction, or as they were.

        Raises DatabaseTooNew for a revision that is not known.
        """
        head = self.revisions[-1]
        with engine.begin() as connection:
            revision = _revision(connection)
            if revision == head:
                return
            if revision is None:
                self.tables().create_all(connection)
                _stamp(connection, head)
            elif revision in self.revisions:
                self.migrate(connection)
            else:
                raise DatabaseTooNew(
                    "A newer version of Bodhi wrote the database.",
                    remedy="Start that version, or move the file away to begin anew.",
                )

    def migrate(self, connection: "Connection", to: str = "head") -> None:
        """Run the migrations up to ``to``, in the transaction that ``connection`` is in."""
        from alembic.migration import MigrationContext
        from alembic.operations import Operations
        from alembic.script import ScriptDirectory

        script = ScriptDirectory(str(self.folder), version_locations=[str(self.folder)])
        context = MigrationContext.configure(
            connection,
            opts={
                "fn": lambda revision, _: script._upgrade_revs(to, revision),
                "transactional_ddl": True,
            },
        )
        with Operations.context(context):
            context.run_migrations()


def _revision(connection: "Connection") -> str | None:
    from sqlalchemy import inspect, text

    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def _stamp(connection: "Connection", revision: str) -> None:
    from sqlalchemy import text

    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})
