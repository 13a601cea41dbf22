"""Changes that are not published yet: ``$BODHI_HOME/drafts/<id>.yaml``, one draft an alias at most.

A draft is any text, also one that cannot be parsed yet. It is on the disk before a save is
answered. Publishing writes the alias first and removes the draft last; where a kill came in
between, the next start finds that the alias has the draft's text, and removes it.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bodhi.aliases.model import StoredAlias
from bodhi.aliases.noted import etag_of, join, split
from bodhi.aliases.store import AliasStore
from bodhi.aliases.versions import How
from bodhi.aliases.yaml12 import MAX_BYTES, encode
from bodhi.errors import AliasFileInvalid, AliasNotFound, Conflict, DraftChanged, DraftNotFound
from bodhi.files import Disk, make_folder, remove_stray_files, replace_file, storage_errors
from bodhi.params.values import JsonObject

log = logging.getLogger("bodhi")

KEPT_DAYS = 90

_NAME = re.compile(r"([0-9a-f]{32})\.yaml")
_DAY_S = 24 * 60 * 60
_MOST = 10_000

Etags = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Draft:
    """``uid`` is the alias's, None for one that is still to be; ``base_etag`` and ``base_version``
    are what it was begun from. ``seq`` counts the saves. Times are seconds since the epoch.
    """

    id: str
    text: str
    uid: str | None
    base_etag: str | None
    base_version: int | None
    created_at: float
    updated_at: float
    seq: int

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return etag_of(self.to_bytes())

    def to_bytes(self) -> bytes:
        """The draft's file."""
        known: JsonObject = {
            "uid": self.uid,
            "base_etag": self.base_etag,
            "base_version": self.base_version,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "seq": self.seq,
        }
        return join(known, self.text.encode())


class Drafts:
    """The drafts of one home, in memory as on disk. Call :meth:`load` first.

    Threads may call everything. ``etags`` are those that a change may be based on, None for
    whatever is there; others raise DraftChanged. Whatever raises has changed nothing.
    ``on_change`` is told the ids of drafts that are other ones now, or gone.
    """

    def __init__(
        self, home: Path, store: AliasStore, *, disk: Disk | None = None, kept_days: int = KEPT_DAYS
    ) -> None:
        self._home = home
        self._folder = home / "drafts"
        self._store = store
        self._disk = disk or Disk()
        self._kept_s = kept_days * _DAY_S
        # Replaced, never changed: readers take no lock.
        self._drafts: dict[str, Draft] = {}
        self.on_change: Callable[[frozenset[str]], None] | None = None

    def load(self) -> None:
        """Read every draft; end what a kill came into. Raises StorageFailed."""
        with self._store.alone(), storage_errors("The draft folder", "opened"):
            make_folder(self._folder)
            with suppress(OSError):
                remove_stray_files(self._folder)
            for path in self._folder.iterdir():
                if match := _NAME.fullmatch(path.name):
                    self._load(match[1], path)
            for draft in list(self._drafts.values()):
                if self._is_published(draft):
                    self._remove(draft)

    def all(self) -> list[Draft]:
        """Every draft, the one that was changed last first."""
        return sorted(self._drafts.values(), key=lambda draft: (-draft.updated_at, draft.id))

    def count(self) -> int:
        """How many there are."""
        return len(self._drafts)

    def get(self, draft_id: str) -> Draft:
        """Raises DraftNotFound."""
        draft = self._drafts.get(draft_id)
        if draft is None:
            raise DraftNotFound(
                "There is no draft of this id.", remedy="GET /api/v1/drafts has all."
            )
        return draft

    def by_uid(self) -> dict[str, str]:
        """An alias's uid -> the id of its draft."""
        return {draft.uid: draft.id for draft in self._drafts.values() if draft.uid}

    def of(self, uid: str) -> str | None:
        """The id of the draft of the alias with this uid."""
        return self.by_uid().get(uid)

    def base_of(self, draft: Draft) -> StoredAlias | None:
        """The alias that ``draft`` is of, as it is now; None for one that is new or gone."""
        return None if draft.uid is None else self._store.by_uid(draft.uid)

    def begin(self, text: str, stored: StoredAlias | None) -> tuple[Draft, bool]:
        """A draft with this text, of ``stored`` or of an alias that is to be; whether it is new.

        An alias that has a draft keeps the one it has. Raises AliasFileInvalid, StorageFailed.
        """
        _check_size(text)
        with self._store.alone():
            if stored is not None and (known := self.of(stored.uid)):
                return self.get(known), False
            if len(self._drafts) >= _MOST:
                raise Conflict(f"There are {_MOST} drafts.", remedy="Delete some first.")
            uid, etag = (stored.uid, stored.etag) if stored else (None, None)
            version = stored.version if stored else None
            now = time.time()
            draft = Draft(uuid.uuid4().hex, text, uid, etag, version, now, now, 1)
            self._write(draft)
            return draft, True

    def save(self, draft_id: str, text: str, *, etags: Etags) -> Draft:
        """Another text for a draft. Raises DraftNotFound, DraftChanged, AliasFileInvalid,
        StorageFailed."""
        _check_size(text)
        with self._store.alone():
            draft = self._fresh(draft_id, etags)
            if text == draft.text:
                return draft
            draft = replace(draft, text=text, updated_at=time.time(), seq=draft.seq + 1)
            self._write(draft)
            return draft

    def delete(self, draft_id: str, *, etags: Etags) -> None:
        """Raises DraftNotFound, DraftChanged, StorageFailed."""
        with self._store.alone(), storage_errors("The draft", "deleted"):
            self._remove(self._fresh(draft_id, etags))

    def publish(
        self, draft_id: str, *, etags: Etags, note: str | None = None, over: str | None = None
    ) -> StoredAlias:
        """Make the draft's text the alias's, or a new alias of it; then the draft is gone.

        ``over`` is the alias's etag that may be written over, by default the one that the draft
        was begun from. Raises DraftNotFound, DraftChanged; AliasChanged if the alias has another
        content by now, AliasNotFound if it is gone; and what the store's ``create`` and ``save``
        raise.
        """
        with self._store.alone():
            draft = self._fresh(draft_id, etags)
            if draft.uid is None:
                stored = self._store.create(draft.text, how=How.PUBLISH, note=note)
            else:
                base = self._store.by_uid(draft.uid)
                if base is None:
                    raise AliasNotFound(
                        "The alias of this draft is gone.",
                        remedy="Restore it from the trash, or make a new draft of this text.",
                    )
                stored = self._store.save(
                    base.stem,
                    draft.text,
                    if_etag=over or draft.base_etag,
                    how=How.PUBLISH,
                    note=note,
                )
            # It is published, whatever becomes of this; the next start makes up for it.
            with suppress(OSError):
                self._remove(draft)
            return stored

    def forget_old(self, *, now: float | None = None) -> list[str]:
        """Remove drafts that nobody touched for too long; returns their ids."""
        oldest = (time.time() if now is None else now) - self._kept_s
        with self._store.alone(), storage_errors("A draft", "deleted"):
            old = [draft for draft in self.all() if draft.updated_at < oldest]
            for draft in old:
                self._remove(draft)
            return [draft.id for draft in old]

    def _load(self, draft_id: str, path: Path) -> None:
        try:
            known, text = split(path.read_bytes())
            draft = Draft(
                draft_id,
                text.decode(),
                known["uid"],
                known["base_etag"],
                known["base_version"],
                float(known["created_at"]),
                float(known["updated_at"]),
                int(known["seq"]),
            )
            self._drafts = {**self._drafts, draft_id: draft}
        except (OSError, ValueError, KeyError, TypeError):
            log.warning("the draft %s cannot be read, and is left alone", draft_id)

    def _is_published(self, draft: Draft) -> bool:
        """Whether an alias has this very text, and had another one when the draft was begun."""
        etag = etag_of(draft.text.encode())
        if draft.uid is None:
            return any(stored.etag == etag for stored in self._store.all())
        base = self.base_of(draft)
        return base is not None and base.etag == etag and etag != draft.base_etag

    def _fresh(self, draft_id: str, etags: Etags) -> Draft:
        draft = self.get(draft_id)
        if etags is not None and draft.etag not in etags:
            raise DraftChanged(
                "The draft was changed in the meantime.",
                remedy="Load it again and repeat the change.",
            )
        return draft

    def _write(self, draft: Draft) -> None:
        path = self._folder / f"{draft.id}.yaml"
        with storage_errors("The draft"):
            try:
                replace_file(path, draft.to_bytes(), self._disk)
            finally:
                # What is on the disk counts, also where its safety was not promised.
                with suppress(OSError):
                    if path.read_bytes() == draft.to_bytes():
                        self._drafts = {**self._drafts, draft.id: draft}
        self._tell(draft.id)

    def _remove(self, draft: Draft) -> None:
        self._disk.unlink(self._folder / f"{draft.id}.yaml")
        self._drafts = {key: d for key, d in self._drafts.items() if key != draft.id}
        self._tell(draft.id)
        self._disk.sync_folder(self._folder)

    def _tell(self, draft_id: str) -> None:
        if self.on_change is not None:
            self.on_change(frozenset((draft_id,)))


def _check_size(text: str) -> None:
    if len(encode(text)) > MAX_BYTES:
        raise AliasFileInvalid(f"The text is larger than {MAX_BYTES // 1024} KiB.")
