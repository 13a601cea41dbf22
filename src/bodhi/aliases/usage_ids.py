"""The addresses of aliases for figures of usage, which know an alias by its uid."""

from collections.abc import Callable

from bodhi.aliases.entry import model_alias_id, model_by_alias_id
from bodhi.aliases.store import AliasStore
from bodhi.model_files.live import LiveCatalogue


class UsageIds:
    """What is there now, looked at anew at each call."""

    def __init__(self, store: AliasStore, models: LiveCatalogue) -> None:
        self._store = store
        self._models = models

    def uid_of(self, alias_id: str) -> str | None:
        """By URL id: the uid of a user alias, the name of a model alias, None for nothing."""
        if stored := self._store.by_stem(alias_id):
            return stored.uid
        model = model_by_alias_id(alias_id, self._models.now)
        return None if model is None else model.id

    def ids(self) -> Callable[[str, str], str | None]:
        """From uid and source to the URL id; None where the alias is gone."""
        stems = {stored.uid: stored.stem for stored in self._store.all()}
        catalogue = self._models.now

        def id_of(uid: str, source: str) -> str | None:
            if source != "model":
                return stems.get(uid)
            model = catalogue.by_id(uid)
            return None if model is None else model_alias_id(model)

        return id_of
