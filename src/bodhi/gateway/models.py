"""``GET /v1/models``: the names that requests may use, as OpenAI lists models. Pure."""

from bodhi.errors import AliasNotFound

Name = tuple[str, str, float]  # name, source ("user" or "model"), seconds since the epoch


def model_list(names: list[Name]) -> dict[str, object]:
    """The list object of all names."""
    return {"object": "list", "data": [_object(name) for name in names]}


def model_object(names: list[Name], wanted: str) -> dict[str, object]:
    """The object of one name; AliasNotFound where there is none."""
    for name in names:
        if name[0] == wanted:
            return _object(name)
    raise AliasNotFound("No alias or model has this name.", remedy="GET /v1/models lists them.")


def _object(name: Name) -> dict[str, object]:
    return {
        "id": name[0],
        "object": "model",
        "created": int(name[2]),
        "owned_by": f"bodhi-{name[1]}",
    }
