"""Usage as a server has it: what counts now, what records, and where it is kept.

All of it is under ``$BODHI_HOME/state``.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bodhi.store.database import Database
from bodhi.store.schema import Schema
from bodhi.store.usage_migrations import FOLDER, REVISIONS
from bodhi.usage.activity import Activity
from bodhi.usage.experiments import Experiments
from bodhi.usage.recorder import KEPT_DAYS, Recorder

if TYPE_CHECKING:
    from sqlalchemy import MetaData


def usage_database(folder: Path) -> Database:
    """The database in ``folder``; it is opened by who writes it."""
    return Database(folder / "usage.sqlite3", Schema(_tables, REVISIONS, FOLDER))


class Usage:
    """The parts, connected. Nothing is opened before there is something to write or to read."""

    def __init__(
        self,
        folder: Path,
        *,
        keep_user: bool = False,
        kept_days: int = KEPT_DAYS,
        on_written: Callable[[], None] = lambda: None,
    ) -> None:
        self.activity = Activity()
        self.database = usage_database(folder)
        self.recorder = Recorder(
            self.database,
            folder,
            keep_user=keep_user,
            kept_days=kept_days,
            on_written=on_written,
            on_opened=self._recall,
        )
        self.experiments = Experiments(self.recorder.put)

    def _recall(self) -> None:
        from bodhi.usage.figures import last_used

        with self.database.reading() as connection:
            self.activity.recall(last_used(connection))


def _tables() -> "MetaData":
    from bodhi.usage.tables import TABLES

    return TABLES
