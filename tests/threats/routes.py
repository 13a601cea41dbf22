"""Every address of a running house: the control plane's own list, and what stands beside it."""

import re
from dataclasses import dataclass
from functools import cached_property

import orjson

from bodhi.gateway.routes import POST_ROUTES
from tests.threats.house import ALIAS, House
from tests.threats.wire import ask, head

_OPENAPI = "/api/v1/openapi.json"
# Addresses that no list names: the data plane's, the front's, and some that are none.
_BESIDE = (
    ("GET", "/"),
    ("GET", "/health"),
    ("GET", "/v1/models"),
    ("GET", f"/v1/models/{ALIAS}"),
    ("GET", _OPENAPI),
    ("GET", "/assets/index.js"),
    ("GET", "/index.html"),
    ("GET", "/favicon.ico"),
    ("GET", "/aliases/deep/link"),
    ("GET", "/nowhere"),
    ("GET", "/v1"),
    ("GET", "/v1/nowhere"),
    ("GET", "/api"),
    ("GET", "/api/v1/nowhere"),
    ("GET", "/docs"),
    ("POST", "/v1/nowhere"),
    ("DELETE", "/api/v1/nowhere"),
)


@dataclass
class Routes:
    """``all`` is every method and path that the house answers to, parameters filled in."""

    house: House

    @cached_property
    def all(self) -> tuple[tuple[str, str], ...]:
        schema = orjson.loads(ask(self.house.port, head("GET", _OPENAPI)).body)
        control = [
            (method.upper(), re.sub(r"\{\w+\}", "x", path))
            for path, methods in schema["paths"].items()
            for method in methods
        ]
        assert control, "the control plane names no address"
        data = [("POST", path) for path in POST_ROUTES]
        return tuple(dict.fromkeys([*data, *control, *_BESIDE]))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths alone."""
        return tuple(dict.fromkeys(path for _, path in self.all))
