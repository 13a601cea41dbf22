"""The error tree as drawn is the error tree as it is."""

from bodhi import errors
from bodhi.errors import BodhiError
from tests.contract.error_tree import Drawn, differences, drawn_tree, family

DRAWN = drawn_tree(errors.__doc__ or "")
CLASSES = family(BodhiError, errors.__name__)


def test_the_drawn_tree_is_the_tree_of_classes() -> None:
    assert differences(DRAWN, CLASSES) == []


def test_every_code_belongs_to_one_class() -> None:
    codes = [cls.code for cls in CLASSES]
    assert len(set(codes)) == len(codes)


def test_a_class_missing_from_the_drawing_would_be_found() -> None:
    drawn = {name: node for name, node in DRAWN.items() if name != "QueueFull"}
    assert "QueueFull is a class but not drawn" in differences(drawn, CLASSES)


def test_a_drawn_class_that_does_not_exist_would_be_found() -> None:
    drawn = DRAWN | {"Imagined": Drawn("BodhiError", 400)}
    assert "Imagined is drawn but no class" in differences(drawn, CLASSES)


def test_a_wrong_status_or_parent_in_the_drawing_would_be_found() -> None:
    right = Drawn("BodhiError", errors.QueueFull.status)
    assert differences({"QueueFull": right}, [errors.QueueFull]) == []
    for wrong in (Drawn("BodhiError", 503), Drawn("NotFound", right.status)):
        assert len(differences({"QueueFull": wrong}, [errors.QueueFull])) == 1


def test_a_class_without_a_chosen_status_would_be_found() -> None:
    careless = type("Careless", (BodhiError,), {"__module__": "planted"})
    drawn = {"Careless": Drawn("BodhiError", None)}
    assert differences(drawn, [careless]) == ["Careless has no status of its own or from a parent"]


def test_nesting_and_status_are_read_from_the_drawing() -> None:
    drawing = (
        "Words before.\n    BodhiError\n    ├── One   400  words\n    │   └── Two    the 999 words"
        "\n    └── Three\n        └── Four 503"
    )
    assert drawn_tree(drawing) == {
        "BodhiError": Drawn(None, None),
        "One": Drawn("BodhiError", 400),
        "Two": Drawn("One", None),
        "Three": Drawn("BodhiError", None),
        "Four": Drawn("Three", 503),
    }
