"""Keys on a running server: asked for, limited to aliases, revoked without a restart."""

from pathlib import Path

from tests.support.command_line import GOOD, Machine, bodhi
from tests.support.server import running_server, wait_until

CHAT = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1}


def test_a_limited_key_is_for_its_alias_until_it_is_revoked(
    tmp_path: Path, tiny_model: Path
) -> None:
    machine = Machine(tmp_path / "home", tmp_path / "hub")
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD)
    machine.alias("tiny--other", GOOD.replace("tiny:chat", "tiny:other"))
    home = {"BODHI_HOME": str(machine.home)}
    made = bodhi("keys", "create", "guest", "--alias", "tiny:chat", "--json", **home).json
    key = {"authorization": f"Bearer {made['key']}"}
    with running_server(machine.home, machine.hub, env={"BODHI_REQUIRE_KEY": "true"}) as server:
        with server.http() as client:
            assert client.get("/v1/models").status_code == 401
            listed = client.get("/v1/models", headers=key).json()["data"]
            assert [model["id"] for model in listed] == ["tiny:chat"]
            for other in ("tiny:other", "us/tiny:Q8_0", "us/tiny", "tiny:othe", "nothing/like/it"):
                body = {**CHAT, "model": other}
                refused = client.post("/v1/chat/completions", json=body, headers=key)
                assert refused.status_code == 403
                error = refused.json()["error"]
                assert error["code"] == "access_refused"
                # Neither whether there is such a name, nor one that is like it.
                assert error["message"].startswith(f"This key is not for {other}. ")
            assert client.get("/api/v1/engines", headers=key).status_code == 403
            body = {**CHAT, "model": "tiny:chat"}
            assert client.post("/v1/chat/completions", json=body, headers=key).status_code == 200
            assert bodhi("keys", "revoke", made["id"], **home).code == 0
            assert wait_until(lambda: client.get("/v1/models", headers=key).status_code == 401, 1)
        assert made["key"] not in "".join(server.lines)


def test_beyond_loopback_a_kept_key_and_host_names_are_enough(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", tmp_path / "hub")
    environment = {"BODHI_HOME": str(machine.home), "BODHI_ALLOWED_HOSTS": '["bodhi.lan"]'}
    arguments = ("--host", "0.0.0.0")  # noqa: S104
    refused = bodhi("serve", *arguments, **environment)
    assert refused.code == 78
    assert "bodhi keys create" in refused.err
    assert bodhi("keys", "create", "all", **environment).code == 0
    with running_server(machine.home, machine.hub, *arguments, env=environment) as server:
        port = server.address.rpartition(":")[2]
        server.address = f"http://127.0.0.1:{port}"
        with server.http() as client:
            assert client.get("/v1/models").status_code == 401
