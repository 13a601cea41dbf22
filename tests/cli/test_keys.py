"""``bodhi keys``: made, listed, revoked."""

from tests.support.command_line import Machine, Run


def test_a_key_is_printed_alone_and_only_once(here: Run, machine: Machine) -> None:
    made = here("keys", "create", "guest", "--alias", "a:b")
    assert made.out.startswith("bodhi_")
    assert made.out.count("\n") == 1
    key_id = made.out.split("_")[1]
    listed = here("keys", "list")
    assert listed.out.splitlines()[1].split()[:4] == [key_id, "guest", "inference", "a:b"]
    assert made.out.strip() not in listed.out
    entry = here("keys", "list", "--json").out
    assert made.out.strip() not in entry
    assert "sha256" not in entry
    assert here("keys", "revoke", key_id).code == 0
    assert here("keys", "list").out == ""


def test_an_unknown_id_and_a_bad_scope_are_refused(here: Run, machine: Machine) -> None:
    assert here("keys", "revoke", "abc").code == 66
    assert here("keys", "create", "a", "--scope", "root").code == 2
    assert here("keys", "create", "a", "--scope", "admin", "--alias", "x").code == 65
