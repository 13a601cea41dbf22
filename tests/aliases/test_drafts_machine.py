"""Drafts and versions against dictionaries, through edits, publishes, hand edits and restarts."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bodhi.aliases.drafts import Drafts
from bodhi.aliases.store import AliasStore
from bodhi.aliases.versions import How
from bodhi.errors import AliasChanged, AliasFileInvalid, DraftChanged
from tests.aliases.samples import alias_text, write_file

STEMS = ("a", "b")
stems = st.sampled_from(STEMS)
seeds = st.integers(0, 9)
KEPT = 5


def _text(stem: str, seed: int) -> str:
    return alias_text(stem, request_params=f"{{seed: {seed}}}")


class History(RuleBasedStateMachine):
    """``contents``: stem -> every text in order. ``drafts``: stem -> (text, base)."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.home = Path(self._folder.name)
        self.contents: dict[str, list[str]] = {}
        self.model: dict[str, tuple[str, str]] = {}
        self.restart()
        for stem in STEMS:
            self.store.create(_text(stem, 0))
            self.contents[stem] = [_text(stem, 0)]

    def teardown(self) -> None:
        self._folder.cleanup()

    @rule()
    def restart(self) -> None:
        self.store = AliasStore(self.home, versions_kept=KEPT)
        self.store.load_all()
        self.drafts = Drafts(self.home, self.store)
        self.drafts.load()
        # A draft of what somebody else has published meanwhile has nothing left to say.
        self.model = {
            stem: (text, base)
            for stem, (text, base) in self.model.items()
            if text != self.contents[stem][-1] or base == text
        }

    def _now(self, stem: str, text: str) -> None:
        if self.contents[stem][-1] != text:
            self.contents[stem].append(text)

    def _id(self, stem: str) -> str:
        stored = self.store.by_stem(stem)
        assert stored
        found = self.drafts.of(stored.uid)
        assert found
        return found

    @rule(stem=stems, seed=seeds)
    def save(self, stem: str, seed: int) -> None:
        self.store.save(stem, _text(stem, seed), if_etag=None)
        self._now(stem, _text(stem, seed))

    @rule(stem=stems, seed=seeds)
    def edit_by_hand(self, stem: str, seed: int) -> None:
        write_file(self.home, stem, _text(stem, seed))
        self.store.reload()
        self._now(stem, _text(stem, seed))

    @rule(stem=stems, back=st.integers(0, KEPT - 1))
    def restore(self, stem: str, back: int) -> None:
        texts = self.contents[stem]
        number = max(1, len(texts) - back)
        stored = self.store.by_stem(stem)
        assert stored
        _, data = self.store.version(stored, number)
        self.store.save(stem, data.decode(), if_etag=stored.etag, how=How.RESTORE)
        self._now(stem, texts[number - 1])

    @rule(stem=stems)
    def begin(self, stem: str) -> None:
        text = self.contents[stem][-1]
        _, is_new = self.drafts.begin(text, self.store.by_stem(stem))
        assert is_new == (stem not in self.model)
        self.model.setdefault(stem, (text, text))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), seed=seeds, broken=st.booleans(), stale=st.booleans())
    def change(self, data: st.DataObject, seed: int, broken: bool, stale: bool) -> None:
        stem = data.draw(st.sampled_from(sorted(self.model)))
        draft = self.drafts.get(self._id(stem))
        text = "alias: [" if broken else _text(stem, seed)
        if stale:
            with pytest.raises(DraftChanged):
                self.drafts.save(draft.id, text, etags=("0",))
            return
        self.drafts.save(draft.id, text, etags=(draft.etag,))
        self.model[stem] = (text, self.model[stem][1])

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def discard(self, data: st.DataObject) -> None:
        stem = data.draw(st.sampled_from(sorted(self.model)))
        self.drafts.delete(self._id(stem), etags=None)
        del self.model[stem]

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        stem = data.draw(st.sampled_from(sorted(self.model)))
        text, base = self.model[stem]
        draft_id = self._id(stem)
        if base != self.contents[stem][-1]:
            with pytest.raises(AliasChanged):
                self.drafts.publish(draft_id, etags=None)
        elif text == "alias: [":
            with pytest.raises(AliasFileInvalid):
                self.drafts.publish(draft_id, etags=None)
        else:
            self.drafts.publish(draft_id, etags=None)
            self._now(stem, text)
            del self.model[stem]

    @invariant()
    def shows_what_the_model_says(self) -> None:
        for stem, texts in self.contents.items():
            stored = self.store.by_stem(stem)
            assert stored
            assert stored.version == len(texts)
            kept = self.store.versions(stem)
            assert [one.number for one in kept] == list(
                range(len(texts), max(0, len(texts) - KEPT), -1)
            )
            for one in kept:
                assert self.store.version(stored, one.number)[1].decode() == texts[one.number - 1]
            draft_id = self.drafts.of(stored.uid)
            assert (draft_id is not None) == (stem in self.model)
            if draft_id is not None:
                assert self.drafts.get(draft_id).text == self.model[stem][0]


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


class LongHistory(History):
    """The same, for long."""


TestLongHistory = pytest.mark.soak(LongHistory.TestCase)
TestLongHistory.settings = settings(max_examples=2000, stateful_step_count=50, deadline=None)
