"""The page as a browser gets it: right files, right headers, nothing from outside its folder."""

import asyncio
import gzip
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx2 as httpx
import pytest

from bodhi.http.asgi import Message, Scope
from bodhi.http.etag import is_known
from bodhi.http.page import Page, policy
from tests.support.server import RunningServer, running_server

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
INDEX = '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script src="/theme.js">'
SCRIPT = b"console.log('bodhi')\n" * 100
SECRET = "not of the page"

Ask = Callable[..., httpx.Response]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built page, with things beside it and in it that are not to be served."""
    place = tmp_path / "package" / "_ui"
    (place / "assets").mkdir(parents=True)
    (place / "index.html").write_text(INDEX)
    (place / "theme.js").write_text("'dark'")
    (place / "favicon.svg").write_text("<svg/>")
    (place / "assets" / "index-abc.js").write_bytes(SCRIPT)
    (place / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (place / "assets" / "index-abc.js.br").write_bytes(b"brotli")
    (place / "assets" / "only-gz.css").write_bytes(b"a{}" * 100)
    (place / "assets" / "only-gz.css.gz").write_bytes(gzip.compress(b"a{}" * 100))
    (place / "assets" / "plain.woff2").write_bytes(b"font")
    (place / ".env").write_text(SECRET)
    (tmp_path / "package" / "secret.txt").write_text(SECRET)
    (place / "link.txt").symlink_to("../secret.txt")
    (place / "linked").symlink_to("..", target_is_directory=True)
    return place


@pytest.fixture
def ask(folder: Path) -> Ask:
    return asker(folder)


def asker(folder: Path) -> Ask:
    """Asks the page as the server does: no client stands between that would tidy up the path."""
    page = Page(folder)

    def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        given = {"accept-encoding": "identity", "accept": "*/*"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        return asyncio.run(_run(page, scope))

    return ask


async def _run(page: Page, scope: Scope) -> httpx.Response:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("the page reads no bodies")

    await page(scope, receive, send)
    start, body = sent
    return httpx.Response(start["status"], headers=start["headers"], content=body["body"])


def nonce_of(answer: httpx.Response) -> str:
    """The nonce of the policy; the check that it is there at all."""
    found = re.search(
        r"style-src 'self' 'nonce-([\w-]{20,})';", answer.headers["content-security-policy"]
    )
    assert found, "the policy has no nonce"
    return found[1]


def check_nonce(answer: httpx.Response) -> None:
    """The HTML carries the nonce of its own policy, and nothing is left of the mark."""
    assert f'content="{nonce_of(answer)}"' in answer.text
    assert "__CSP_NONCE__" not in answer.text


def test_every_answer_with_html_has_a_nonce_of_its_own(ask: Ask) -> None:
    answers = [ask("/", **HTML) for _ in range(20)]
    for answer in answers:
        check_nonce(answer)
        assert answer.headers["cache-control"] == "no-cache"
        assert "etag" not in answer.headers
    assert len({nonce_of(answer) for answer in answers}) == 20


@pytest.mark.planted("T30")
def test_html_whose_nonce_is_missing_or_of_another_answer_would_be_found(ask: Ask) -> None:
    good = ask("/", **HTML)
    headers = dict(good.headers)
    other = httpx.Response(200, headers=headers, text=good.text.replace(nonce_of(good), "other"))
    bare = headers | {"content-security-policy": policy().decode()}
    for broken in (other, httpx.Response(200, headers=bare, text=good.text)):
        with pytest.raises(AssertionError):
            check_nonce(broken)


@pytest.mark.threat("T30")
@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/aliases/a", "/theme.js", "/favicon.svg", "/assets/index-abc.js"]
)
def test_x01_the_policy_lets_nothing_in_from_elsewhere(ask: Ask, path: str) -> None:
    answer = ask(path, **HTML)
    assert answer.status_code == 200
    rules = dict(
        rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";")
    )
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    for name in ("script-src", "connect-src", "font-src", "form-action"):
        assert rules[name] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/", "/aliases", "/aliases/llama3--instruct", "/aliases/o~r~Q8.1", "/a.b", "/v1x"]
)
def test_a_deep_link_gets_the_page(ask: Ask, path: str) -> None:
    answer = ask(path, **HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/html; charset=utf-8",
    )
    assert "accept" in answer.headers["vary"]


def test_a_program_gets_json_where_a_browser_gets_the_page(ask: Ask) -> None:
    assert ask("/").json()["openai"] == "/v1"
    for accept in ("application/json", "*/*", "text/html;q=0, */*"):
        refused = ask("/chat/completions", accept=accept)
        assert refused.status_code == 404
        assert refused.json()["error"]["code"] == "route_not_found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_page_only_takes_get_and_head(ask: Ask, method: str) -> None:
    assert ask("/", method, **HTML).status_code == 405
    assert ask("/theme.js", method).status_code == 405
    assert ask("/nowhere", method, **HTML).status_code == 404


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("/assets/index-abc.js", "text/javascript; charset=utf-8", "immutable"),
        ("/assets/only-gz.css", "text/css; charset=utf-8", "immutable"),
        ("/assets/plain.woff2", "font/woff2", "immutable"),
        ("/theme.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
    ],
)
def test_files_have_their_type_and_only_hashed_ones_are_kept_for_good(
    ask: Ask, folder: Path, path: str, kind: str, caching: str
) -> None:
    answer = ask(path)
    assert answer.content == (folder / path[1:]).read_bytes()
    assert answer.headers["content-type"] == kind
    assert caching in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("path", "accepted", "sent"),
    [
        ("/assets/index-abc.js", "gzip, deflate, br, zstd", "br"),
        ("/assets/index-abc.js", "gzip", "gzip"),
        ("/assets/index-abc.js", "br;q=0, gzip;q=0.5", "gzip"),
        ("/assets/index-abc.js", "GZIP;q=1.0", "gzip"),
        ("/assets/index-abc.js", "gzip;q=0, br; q=0.000", None),
        ("/assets/index-abc.js", "zstd", None),
        ("/assets/index-abc.js", "", None),
        ("/assets/only-gz.css", "br, gzip", "gzip"),
        ("/assets/plain.woff2", "br, gzip", None),
    ],
)
def test_what_was_compressed_at_build_time_is_sent_to_who_takes_it(
    ask: Ask, folder: Path, path: str, accepted: str, sent: str | None
) -> None:
    answer = ask(path, "HEAD", accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == sent
    suffix = {"br": ".br", "gzip": ".gz", None: ""}[sent]
    assert int(answer.headers["content-length"]) == (folder / (path[1:] + suffix)).stat().st_size
    assert ("vary" in answer.headers) == ("woff2" not in path)


def test_a_compressed_script_is_the_script(ask: Ask) -> None:
    assert ask("/assets/index-abc.js", accept_encoding="gzip").content == SCRIPT


def test_compressed_copies_have_no_address_of_their_own(ask: Ask) -> None:
    assert ask("/assets/index-abc.js.gz").status_code == 404
    assert ask("/assets/index-abc.js.br", **HTML).status_code == 404


@pytest.mark.parametrize("path", ["/theme.js", "/assets/index-abc.js"])
def test_what_the_browser_has_is_not_sent_again(ask: Ask, path: str) -> None:
    etag = ask(path).headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = ask(path, if_none_match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert "content-security-policy" in again.headers
    assert ask(path, if_none_match='"x"').status_code == 200
    assert ask(path, if_none_match=etag.strip('"')).status_code == 200


def test_each_encoding_has_an_etag_of_its_own(ask: Ask) -> None:
    path = "/assets/index-abc.js"
    etags = [ask(path, "HEAD", accept_encoding=e).headers["etag"] for e in ("", "gzip", "br")]
    assert len(set(etags)) == 3
    assert ask(path, accept_encoding="gzip", if_none_match=etags[0]).status_code == 200


def test_an_etag_is_compared_whole() -> None:
    assert is_known("ab", '"ab"')
    assert not is_known("ab", '"abc"')
    assert not is_known("ab", None)


def test_head_is_get_without_the_body(ask: Ask) -> None:
    for path in ("/", "/theme.js", "/assets/only-gz.css"):
        head, get = ask(path, "HEAD", **HTML), ask(path, **HTML)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(get.content))


OUTSIDE = [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/%252e%252e/secret.txt",
    "/..\\secret.txt",
    "/....//secret.txt",
    "//secret.txt",
    "/link.txt",
    "/linked/secret.txt",
    "/.env",
    "/assets/../.env",
    "/theme.js%00.txt",
    "/assets",
    "/assets/",
    "/secret.txt",
]


def leaks(ask: Ask) -> list[str]:
    """The addresses by which something comes that is not of the page."""
    return [
        path
        for path in OUTSIDE
        if (answer := ask(path)).status_code != 404 or SECRET in answer.text
    ]


@pytest.mark.threat("T13")
def test_no_address_leads_out_of_the_folder_or_lists_it(ask: Ask) -> None:
    assert leaks(ask) == []


@pytest.mark.planted("T13")
def test_a_server_that_puts_paths_together_would_be_found(folder: Path) -> None:
    """The same addresses, asked of a server that opens what it is told to."""

    def naive(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        place = folder / unquote(path).replace("\0", "").lstrip("/")
        if place.is_file():
            return httpx.Response(200, text=place.read_text(errors="replace"))
        return httpx.Response(200 if place.is_dir() else 404, text="")

    assert {"/assets/../../secret.txt", "/link.txt", "/.env", "/assets/"} <= set(leaks(naive))


def test_an_unknown_asset_is_not_the_page(ask: Ask) -> None:
    """A browser that waits for a script must not be handed HTML."""
    assert ask("/assets/index-old.js", **HTML).status_code == 404


def test_a_new_build_is_served_as_soon_as_somebody_loads_the_page(ask: Ask, folder: Path) -> None:
    assert ask("/", **HTML).status_code == 200
    (folder / "assets" / "index-new.js").write_text("new")
    (folder / "index.html").write_text(INDEX.replace("theme", "index-new"))
    assert "index-new" in ask("/", **HTML).text
    assert ask("/assets/index-new.js").text == "new"


def test_without_a_built_page_the_address_says_how_to_build_it(tmp_path: Path) -> None:
    ask = asker(tmp_path / "nothing")
    answer = ask("/", **HTML)
    assert answer.status_code == 200
    assert "make page" in answer.text
    assert nonce_of(answer)
    assert ask("/").json()["api"] == "/api/v1/openapi.json"
    assert ask("/aliases", **HTML).status_code == 404


def test_a_page_that_is_being_built_again_is_never_served_in_half(folder: Path) -> None:
    (folder / "index.html").unlink()
    assert "make page" in asker(folder)("/", **HTML).text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    place = tmp_path_factory.mktemp("place")
    keys = {"BODHI_API_KEY": "secret"}
    with running_server(place / "home", place / "hub", env=keys) as running:
        yield running


KEY = "Authorization: Bearer secret\r\n"


@pytest.mark.threat("T30")
@pytest.mark.parametrize(
    ("start", "more", "status"),
    [
        ("GET / HTTP/1.1", "", 200),
        ("GET /health HTTP/1.1", "", 200),
        ("GET /nowhere HTTP/1.1", "", 404),
        ("GET /v1/models HTTP/1.1", "", 401),
        ("GET /v1/models HTTP/1.1", KEY, 200),
        ("GET /v1/nothing HTTP/1.1", KEY, 404),
        ("GET /api/v1/aliases HTTP/1.1", "", 401),
        ("GET /api/v1/aliases HTTP/1.1", KEY, 200),
        ("GET /api/v1/nowhere HTTP/1.1", KEY, 404),
        ("DELETE /v1/models HTTP/1.1", KEY, 405),
        ("GET /health HTTP/1.1", "Origin: http://evil.example\r\n", 403),
        ("GET /health HTTP/1.1", "X: a\r\n b\r\n", 400),
    ],
)
def test_every_answer_of_the_server_says_that_it_is_nobody_elses(
    server: RunningServer, start: str, more: str, status: int
) -> None:
    headers = head_of(server, f"{start}\r\nHost: localhost\r\n{more}Connection: close\r\n\r\n")
    assert headers[":status"] == str(status)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def head_of(server: RunningServer, request: str) -> dict[str, str]:
    """Status and headers of an answer to a request written out by hand; no header comes twice."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request.encode())
        head, _, _ = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    assert len(dict(pairs)) == len(pairs)
    return {":status": first.split()[1], **dict(pairs)}


def test_the_page_needs_no_key_and_what_it_asks_for_does(server: RunningServer) -> None:
    with server.http() as client:
        assert client.get("/", headers=HTML).status_code == 200
        for path in ("/api/v1/aliases", "/api", "/v1", "/v1/models", "/api/v1/openapi.json"):
            assert client.get(path, headers=HTML).status_code == 401
