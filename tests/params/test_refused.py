"""Names that no alias can set are refused with what to do instead."""

import pytest

from bodhi.errors import ParameterInvalid
from bodhi.params.parameter import Section
from bodhi.params.refused import REFUSED
from bodhi.params.registry import SPELLINGS
from bodhi.params.spelling import read_context_params, read_request_params
from bodhi.params.values import Json


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_known_name_is_refused_with_a_reason_and_a_way_out(name: str) -> None:
    for raw in ({name: "x"}, [f"--{name.replace('_', '-')} x"]):
        with pytest.raises(ParameterInvalid, match="cannot be set: ") as refused:
            read_context_params(raw)  # type: ignore[arg-type]
        assert refused.value.remedy
        assert (refused.value.pointer or "").startswith("/context_params/")


@pytest.mark.parametrize(
    ("name", "value"), [("lora", [{"path": "/etc/passwd"}]), ("mmproj", "../x.gguf")]
)
def test_no_path_is_taken_and_none_is_repeated(name: str, value: Json) -> None:
    for read in (read_context_params, read_request_params):
        with pytest.raises(ParameterInvalid) as refused:
            read({name: value}, "/x")
        assert "passwd" not in f"{refused.value.message}{refused.value.remedy}"


def test_nothing_is_both_refused_and_taken() -> None:
    taken = {name for section in Section for name in SPELLINGS[section]}
    assert not taken & REFUSED.keys()
