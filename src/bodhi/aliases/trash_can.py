"""The trash as one: what was deleted of aliases and of the user's chat templates.

Everything here blocks and is called from a thread.
"""

from bodhi.aliases.model import StoredAlias
from bodhi.aliases.store import AliasStore
from bodhi.aliases.trash import Trashed, TrashKind
from bodhi.chat_templates.own_store import OwnTemplates


class TrashCan:
    """What is in one home's trash, and who takes it back."""

    def __init__(self, store: AliasStore, templates: OwnTemplates) -> None:
        self._store = store
        self._templates = templates

    def all(self) -> list[Trashed]:
        """What was deleted, the latest first. What is older than 30 days goes for good."""
        self._store.purge_old()
        return self._store.trash()

    def restore(self, trash_id: str) -> StoredAlias | str:
        """A deleted alias as it was, or the name of the template that is there again.

        Raises NotInTrash, NameTaken, StorageFailed.
        """
        for one in self._store.trash():
            if one.id == trash_id and one.kind is TrashKind.TEMPLATE:
                self._templates.restore(one.path, one.stem)
                return one.stem
        return self._store.restore(trash_id)

    def purge(self, trash_id: str) -> None:
        """Delete it for good. Raises NotInTrash, StorageFailed."""
        self._store.purge(trash_id)
