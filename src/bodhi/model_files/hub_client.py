"""Speaks the hub's public protocol for ``download.py``: what a repository holds, and its bytes.

Three requests, those that huggingface_hub documents under "HfApi" and "file_download":
``GET /api/models/{repo}/revision/{revision}`` (commit and file names),
``HEAD /{repo}/resolve/{commit}/{file}`` (size and hash, in ``X-Linked-Size`` and ``X-Linked-Etag``
for large files) and ``GET`` of the same, which mostly redirects to another host.
"""

import json
import os
import re
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import NamedTuple, NoReturn, cast
from urllib.error import URLError
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from bodhi.errors import DownloadFailed, DownloadRefused, NameInvalid, NotOnHub, StartRefused
from bodhi.model_files.file_names import check_filename

PUBLIC_HUB = "https://huggingface.co"
_MAX_REDIRECTS = 5
_MAX_LISTING_BYTES = 32 << 20
_MAX_TOKEN_BYTES = 4096
_COMMIT = re.compile(r"[0-9a-f]{40}")
# Of a large file its SHA-256, of a small one git's own blob hash.
_HASH = re.compile(r"[0-9a-f]{64}|[0-9a-f]{40}")
_TOKEN = re.compile(r"[!-~]+")
_REDIRECTS = (301, 302, 303, 307, 308)


class Revision(NamedTuple):
    """What a repository holds at one commit; only names that can be files in a folder."""

    commit: str
    filenames: tuple[str, ...]


class RemoteFile(NamedTuple):
    """One file as the hub announces it. ``hash`` is 64 hex digits (SHA-256) or 40 (git blob)."""

    filename: str
    size_bytes: int
    hash: str
    url: str


class Hub:
    """One hub. The token is sent to the endpoint's own origin and to no other."""

    def __init__(self, endpoint: str, token: str | None = None, *, timeout_s: float = 30) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._origin = _origin(_split(self._endpoint))
        self._token = token
        self._timeout_s = timeout_s
        # No handler for files, FTP or redirects: where a redirect may lead is decided below.
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
        ):
            self._opener.add_handler(handler)

    def revision(self, repo: str, revision: str) -> Revision:
        """The commit that ``revision`` names, and its files. Raises NotOnHub, DownloadFailed."""
        url = f"{self._endpoint}/api/models/{repo}/revision/{quote(revision, safe='')}"
        with self._open("GET", url, f"{repo} at {revision}") as response:
            data = response.read(_MAX_LISTING_BYTES + 1)
        try:
            listing = json.loads(data)
            names = [sibling["rfilename"] for sibling in listing["siblings"]]
            commit = listing["sha"]
        except (ValueError, TypeError, KeyError, RecursionError):
            _refuse_answer(repo)
        if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
            _refuse_answer(repo)
        return Revision(commit, tuple(sorted(filter(_is_safe, names))))

    def describe(self, repo: str, commit: str, filename: str) -> RemoteFile:
        """Size and hash of a file, before its first byte. Raises NotOnHub, DownloadFailed."""
        url = f"{self._endpoint}/{repo}/resolve/{commit}/{quote(filename)}"
        # The announcement is in the hub's own answer, not in that of the host it redirects to.
        with self._open("HEAD", url, f"{repo}, {filename}", leave_the_hub=False) as response:
            headers = response.headers
        size = headers.get("x-linked-size") or headers.get("content-length") or ""
        etag = headers.get("x-linked-etag") or headers.get("etag") or ""
        digest = etag.removeprefix("W/").strip('"')
        served = headers.get("x-repo-commit", commit)
        if not (size.isascii() and size.isdecimal() and _HASH.fullmatch(digest)):
            _refuse_answer(repo)
        if served != commit:
            raise DownloadFailed(f"The hub answers for another commit of {repo} than was asked.")
        return RemoteFile(filename, int(size), digest, url)

    @contextmanager
    def read(self, file: RemoteFile, offset: int) -> Iterator[tuple[HTTPResponse, int]]:
        """The file's bytes from ``offset`` on, and the offset at which the answer does begin.

        That is 0 where the server sends the file whole. Raises NotOnHub, DownloadFailed.
        """
        # A server that compressed on the way would send other bytes than it announced.
        headers = {"accept-encoding": "identity"}
        if offset:
            headers["range"] = f"bytes={offset}-"
        with self._open("GET", file.url, file.filename, headers=headers) as response:
            starts_at = 0
            if response.status == 206:
                match = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
                starts_at = int(match[1]) if match else -1
            yield response, starts_at

    @contextmanager
    def _open(
        self,
        method: str,
        url: str,
        what: str,
        *,
        headers: Mapping[str, str] | None = None,
        leave_the_hub: bool = True,
    ) -> Iterator[HTTPResponse]:
        try:
            for _ in range(_MAX_REDIRECTS + 1):
                with self._ask(method, url, headers or {}) as response:
                    target = self._redirect(url, response)
                    if target is None or not (leave_the_hub or self._is_own(target)):
                        if target is None:
                            _check_status(response.status, what)
                        yield response
                        return
                    url = target
        except (OSError, HTTPException, UnicodeError) as error:
            # Its text can hold an address with a signature, so it is not repeated.
            raise DownloadFailed(
                f"The connection for {what} failed or broke off.",
                remedy="Run the same command again: it goes on where it stopped.",
            ) from error
        raise DownloadFailed(f"The hub sends us in circles for {what}.")

    def _ask(self, method: str, url: str, headers: Mapping[str, str]) -> HTTPResponse:
        request = urllib.request.Request(url, method=method, headers=dict(headers))  # noqa: S310
        request.add_header("user-agent", "bodhi")
        if self._token and self._is_own(url):
            request.add_unredirected_header("authorization", f"Bearer {self._token}")
        response = self._opener.open(request, timeout=self._timeout_s)
        if response is None:
            raise URLError("no way to open this address")
        return cast("HTTPResponse", response)

    def _redirect(self, url: str, response: HTTPResponse) -> str | None:
        location = response.headers.get("location")
        if response.status not in _REDIRECTS or not location:
            return None
        try:
            target = urljoin(url, location)
        except ValueError:
            target = ""
        # Never from an encrypted address to one that is not.
        if _split(target).scheme != "https" and _split(url).scheme == "https":
            raise DownloadFailed("The hub redirects to an address that is not encrypted.")
        return target

    def _is_own(self, url: str) -> bool:
        return _origin(_split(url)) == self._origin


def hub_from_environment() -> Hub:
    """The hub of ``HF_ENDPOINT`` with the token that huggingface_hub's tools would use.

    Raises DownloadFailed where ``HF_HUB_OFFLINE`` forbids it, StartRefused for an endpoint or a
    token that cannot be one.
    """
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise DownloadFailed("HF_HUB_OFFLINE is set.", remedy="Unset it to download.")
    endpoint = os.environ.get("HF_ENDPOINT") or PUBLIC_HUB
    token = _token()
    if token and not _TOKEN.fullmatch(token):
        raise StartRefused("The hub's token is not one.", remedy="Correct or unset HF_TOKEN.")
    try:
        return Hub(endpoint, token)
    except DownloadFailed as error:
        raise StartRefused("HF_ENDPOINT is no address.", remedy="Correct or unset it.") from error


def _token() -> str | None:
    """``HF_TOKEN``, else the file that signing in with the hub's own tools leaves."""
    if token := os.environ.get("HF_TOKEN", "").strip():
        return token
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(os.environ.get("HF_HOME") or cache / "huggingface")
    path = Path(os.environ.get("HF_TOKEN_PATH") or home / "token").expanduser()
    try:
        with path.open(encoding="ascii") as file:
            return file.read(_MAX_TOKEN_BYTES).strip() or None
    except (OSError, ValueError):
        return None


def _split(url: str) -> SplitResult:
    """Raises DownloadFailed for what is no HTTP address, or one that holds a password."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None:
        raise DownloadFailed("The hub sends us to what is no address.")
    return parts


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname, parts.port or default


def _is_safe(name: object) -> bool:
    if not isinstance(name, str):
        return False
    try:
        check_filename(name)
    except NameInvalid:
        return False
    return True


def _check_status(status: int, what: str) -> None:
    if status in (200, 206):
        return
    if status in (401, 403):
        raise DownloadRefused(
            f"The hub does not give us {what}: it is gated, private, or not there.",
            remedy="Accept its conditions on the hub, and set HF_TOKEN to a token that may read.",
        )
    if status == 404:
        raise NotOnHub(f"The hub does not have {what}.", remedy="Check owner, name and revision.")
    if status == 429:
        raise DownloadFailed("The hub wants us to slow down.", remedy="Try again in a while.")
    raise DownloadFailed(
        f"The hub answered with status {status} for {what}.", remedy="Try again in a while."
    )


def _refuse_answer(repo: str) -> NoReturn:
    raise DownloadFailed(
        f"What the hub says of {repo} cannot be read.", remedy="Is HF_ENDPOINT a model hub?"
    )
