"""Request targets that try to be another route than they look: for routing and for permission.

``SAME`` are other spellings of a route: they must be judged as the route itself. ``OTHER`` look
like a route and are none: nobody may get a route's answer through them. ``NEVER`` are no paths.
"""

from tests.threats.corpus.case import BODY, HOST, JSON, LENGTH, REFUSED, Case

_ROUTES = (b"/v1/models", b"/api/v1/engines")


def _encoded(path: bytes, at: int) -> bytes:
    return b"%b%%%02x%b" % (path[:at], path[at], path[at + 1 :])


def _all_encoded(path: bytes) -> bytes:
    return b"/" + b"".join(b"%%%02X" % letter for letter in path[1:])


def _same(path: bytes) -> tuple[bytes, ...]:
    """What decodes to ``path`` itself."""
    singles = tuple(_encoded(path, at) for at in range(1, len(path)))
    return (
        *singles,
        _all_encoded(path),
        path + b"?",
        path + b"?x=/health",
        path + b"?/../../health",
        path + b"?http://evil.com/health",
        path + b"?" + b"a=b&" * 200,
        path + b"?%00",
        path + b"??",
        path + b"?@localhost",
        path + b"?a=1;b=2",
    )


SAME: tuple[tuple[bytes, bytes], ...] = tuple(
    (target, path) for path in _ROUTES for target in _same(path)
)


def _other(path: bytes) -> tuple[bytes, ...]:
    """What is not ``path``, however much it looks like it."""
    first, rest = path[1:].split(b"/", 1)
    return (
        b"/" + path,
        b"//evil.com" + path,
        b"//localhost" + path,
        b"///" + path,
        b"/." + path,
        b"/.." + path,
        b"/x/.." + path,
        b"/health/.." + path,
        b"/health/../" + path[1:],
        b"/health/%2e%2e" + path,
        b"/health/%2E%2E" + path,
        b"/health/.%2e" + path,
        b"/health%2f.." + path,
        b"/health/..%2f" + path[1:],
        b"/health;" + path,
        b"/health;.." + path,
        b"/health/;/.." + path,
        b"/health%3f" + path,
        b"/health%23" + path,
        b"/health%00" + path,
        b"/health%0a" + path,
        b"/health%0d%0a" + path,
        b"/health%20" + path,
        b"/health\\.." + path,
        b"/health/..\\" + path[1:],
        b"/health%5c.." + path,
        b"/" + first.upper() + b"/" + rest,
        path.upper(),
        b"/" + first + b"//" + rest,
        b"/" + first + b"/./" + rest,
        b"/" + first + b";x/" + rest,
        b"/" + first + b"%252f" + rest,
        b"/" + first + b"%c0%af" + rest,
        b"/" + first + b"%ef%bc%8f" + rest,
        b"/" + first + b"%e2%88%95" + rest,
        b"/" + first + b"\\" + rest,
        b"/" + first + b"%5c" + rest,
        b"/%20" + path[1:],
        b"/%09" + path[1:],
        b"/%00" + path,
        b"/%ff" + path,
        b"/%" + path[1:],
        b"/%zz" + path,
        b"/%u0076" + path,
        b"/@" + path,
        b"/localhost:1135" + path,
        b"/http:/" + path,
        b"/http://localhost" + path,
        path + b"%00",
        path + b"%0a",
        path + b"%20",
        path + b"%3fx",
        path + b"%23x",
        path + b";x",
        path + b";",
        path + b"%252e",
        path + b"\\",
        path + b"~",
        path + b".json",
        path + b"%c0%ae",
    )


OTHER: tuple[bytes, ...] = tuple(target for path in _ROUTES for target in _other(path))

NEVER: tuple[bytes, ...] = (
    b"",
    b"*",
    b"v1/models",
    b"health",
    b"?/v1/models",
    b"#/v1/models",
    b"/v1/models#",
    b"/health#/v1/models",
    b"/v1/models?x#y",
    b"@localhost/v1/models",
    b"localhost",
    b"localhost:1135",
    b"localhost/v1/models",
    b"http://localhost/v1/models",
    b"http://localhost:1135/v1/models",
    b"https://localhost/v1/models",
    b"HTTP://localhost/v1/models",
    b"http://evil.com/v1/models",
    b"http://localhost@evil.com/v1/models",
    b"http:/v1/models",
    b"http:///v1/models",
    b"http:v1/models",
    b"file:///etc/passwd",
    b"ws://localhost/v1/models",
    b"\\v1\\models",
    b"\\\\localhost\\v1",
    b"%2fv1%2fmodels",
    b"..",
    b"../v1/models",
    b"/v1/mod els",
    b"/v1/models\t",
    b"/v1/models\x00",
    b"/v1/models\x01",
    b"/v1/models\x0b",
    b"/v1/models\x0c",
    b"/v1/models\x1b[2J",
    b"/v1/models\x7f",
    b"/v1/m\xc3\xb6dels",
    b"/v1/models\xff",
    b"/v1/models\r",
    b"/v1/models\rX: y",
    b"/v1/models HTTP/1.1\rX: y",
    b"/v1/models HTTP/1.1 ",
    b"/v1/models HTTP/1.1 HTTP/1.1",
    b"/" + b"a" * 33_000,
    b"/v1/models?" + b"a" * 33_000,
)


def _get(target: bytes) -> bytes:
    return b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n"


def _post(target: bytes) -> bytes:
    lines = HOST + JSON + b"Content-Length: " + LENGTH + b"\r\n\r\n"
    return b"POST " + target + b" HTTP/1.1\r\n" + lines + BODY


def _near_the_chat_route() -> tuple[Case, ...]:
    """POST to what is nearly the chat route must ask no engine."""
    near = (
        b"/v1/chat/completions/",
        b"/v1/chat/completions%00",
        b"/v1/chat/completions;x",
        b"/v1/chat/./completions",
        b"/v1/chat/../chat/completions",
        b"/v1//chat/completions",
        b"//v1/chat/completions",
        b"/V1/chat/completions",
        b"/v1/chat/completions%20",
        b"/v1/chat%252fcompletions",
        b"/api/../v1/chat/completions",
        b"/health/%2e%2e/v1/chat/completions",
        b"/v1/chat\\completions",
        b"/chat/completions",
        b"/v1/engines/honest/chat/completions",
    )
    why = "only the very path of a route is the route"
    return tuple(Case(f"POST {n.decode()}", (_post(n),), (400, 404, 405), why) for n in near)


CASES: tuple[Case, ...] = (
    *(
        Case(
            f"target {target[:48]!r}", (_get(target),), REFUSED, "a target is a path from the root"
        )
        for target in NEVER
    ),
    *_near_the_chat_route(),
)
