"""The store against a dictionary, through creations, edits, hand edits, breakage and restarts."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bodhi.aliases.filenames import stem_for
from bodhi.aliases.surgery import Path as ValuePath
from bodhi.errors import AliasBroken, AliasChanged, AliasNotFound, NameTaken
from bodhi.params.values import Json
from tests.aliases.samples import alias_text, open_store, write_file

names = st.sampled_from(["a", "a:b", "a/b", "a--b", "B", "c.d", "e+f"])
seeds = st.integers(0, 99)


def _text(name: str, seed: int) -> str:
    return alias_text(name, request_params=f"{{seed: {seed}}}")


class Store(RuleBasedStateMachine):
    """``model``: stem -> (name, seed, version). ``broken``: stems whose file is garbage now."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.home = Path(self._folder.name)
        self.store = open_store(self.home)
        self.model: dict[str, tuple[str, int, int]] = {}
        self.broken: set[str] = set()

    def teardown(self) -> None:
        self._folder.cleanup()

    def _pick(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.model)))

    @rule(name=names, seed=seeds)
    def create(self, name: str, seed: int) -> None:
        stem = stem_for(name)
        if stem in self.model:
            with pytest.raises(NameTaken):
                self.store.create(_text(name, seed))
        else:
            self.store.create(_text(name, seed))
            self.model[stem] = (name, seed, 1)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), seed=seeds)
    def edit(self, data: st.DataObject, seed: int) -> None:
        stem = self._pick(data)
        change: dict[ValuePath, Json] = {("request_params", "seed"): seed}
        if stem in self.broken:
            with pytest.raises(AliasBroken):
                self.store.edit(stem, change, if_etag=None)
            return
        self.store.edit(stem, change, if_etag=None)
        self._now(stem, seed)

    def _now(self, stem: str, seed: int) -> None:
        name, old, version = self.model[stem]
        self.model[stem] = (name, seed, version + (seed != old))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), seed=seeds, see=st.booleans())
    def edit_by_hand(self, data: st.DataObject, seed: int, see: bool) -> None:
        stem = self._pick(data)
        held = self.store.by_stem(stem)
        write_file(self.home, stem, _text(self.model[stem][0], seed))
        self.broken.discard(stem)
        before = self.model[stem]
        self._now(stem, seed)
        if see:
            self.store.reload()
        elif held and self.model[stem] != before:
            with pytest.raises(AliasChanged):
                self.store.save(stem, "anything", if_etag=held.etag)
        else:
            self.store.text_of(stem)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def break_by_hand(self, data: st.DataObject) -> None:
        stem = self._pick(data)
        write_file(self.home, stem, "alias: [")
        self.broken.add(stem)
        self.store.reload()

    @precondition(lambda self: self.model)
    @rule(data=st.data(), name=names)
    def rename(self, data: st.DataObject, name: str) -> None:
        stem, new_stem = self._pick(data), stem_for(name)
        if stem in self.broken:
            return
        if new_stem != stem and new_stem in self.model:
            with pytest.raises(NameTaken):
                self.store.rename(stem, name, if_etag=None)
            return
        self.store.rename(stem, name, if_etag=None)
        old_name, seed, version = self.model.pop(stem)
        self.model[new_stem] = (name, seed, version + (name != old_name))

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        stem = self._pick(data)
        self.store.delete(stem, if_etag=None)
        del self.model[stem]
        self.broken.discard(stem)
        with pytest.raises(AliasNotFound):
            self.store.delete(stem, if_etag=None)

    @rule()
    def restart(self) -> None:
        self.store = open_store(self.home)
        for stem in self.broken:
            stored = self.store.by_stem(stem)
            assert stored
            assert stored.alias is None
            assert stored.version == self.model[stem][2]
            # What served last is not remembered across a restart: repair it, as its owner would.
            name, seed, _ = self.model[stem]
            write_file(self.home, stem, _text(name, seed))
        self.broken.clear()
        self.store.reload()

    @invariant()
    def shows_what_the_model_says(self) -> None:
        shown = {s.stem: s for s in self.store.all()}
        assert shown.keys() == self.model.keys()
        for stem, (name, seed, version) in self.model.items():
            stored = shown[stem]
            assert stored.alias is not None
            assert stored.alias.name == name
            assert stored.alias.request_params == {"seed": seed}
            assert stored.version == version
            assert (stored.problem is not None) == (stem in self.broken)
            assert self.store.get(name) is stored


TestStore = Store.TestCase
TestStore.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)


class LongStore(Store):
    """The same, for long."""


TestLongStore = pytest.mark.soak(LongStore.TestCase)
TestLongStore.settings = settings(max_examples=2000, stateful_step_count=50, deadline=None)
