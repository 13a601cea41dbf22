"""Every setting of the server, with default and help: environment, then the home's settings.yaml.

Loaded once where the program starts and frozen; domains receive values as arguments.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

# The variables of other programs that a default is taken from.
_BORROWED = {"hub_cache": ("HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME")}
_MASK = "********"


def default_home() -> Path:
    """``$BODHI_HOME``, or ``~/.bodhi``."""
    return Path(os.environ.get("BODHI_HOME") or Path.home() / ".bodhi").expanduser()


def default_hub_cache() -> Path:
    """``HF_HUB_CACHE``, ``HF_HOME/hub`` or ``~/.cache/huggingface/hub``, in this order.

    The order is that of the huggingface_hub documentation.
    """
    if cache := os.environ.get("HF_HUB_CACHE"):
        return Path(cache).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser() / "huggingface" / "hub"


class RemoteSettings(BaseModel):
    """One server elsewhere that speaks OpenAI's protocol."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: HttpUrl = Field(description="Its base URL, as OpenAI's own clients take it.")
    api_key_env: str | None = Field(
        None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="The environment variable that holds its key; the key itself is never stored.",
    )
    slots: int = Field(8, ge=1, le=1024, description="Requests that are sent to it at once.")

    @field_validator("url")
    @classmethod
    def _only_a_place(cls, url: HttpUrl) -> HttpUrl:
        if url.username or url.password or url.query or url.fragment:
            raise ValueError("only scheme, host, port and path may be given")
        return url


class Settings(BaseSettings):
    """One field a setting; ``BODHI_<NAME>`` in the environment wins over ``settings.yaml``."""

    model_config = SettingsConfigDict(
        env_prefix="BODHI_", frozen=True, extra="forbid", env_parse_none_str=""
    )

    home: Path = Field(default_factory=default_home, description="Where aliases and state live.")
    hub_cache: Path = Field(
        default_factory=default_hub_cache, description="The Hugging Face cache that is listed."
    )
    model_folders: tuple[Path, ...] = Field(
        (), description="More folders with models, laid out as owner/repo/file.gguf."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(1135, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    allowed_hosts: tuple[str, ...] = Field(
        (), description="Host names, beside the loopback ones, that requests may be sent to."
    )
    allowed_origins: tuple[str, ...] = Field(
        (), description="Web origins, beside our own page's, that may call us from a browser."
    )
    api_key: SecretStr | None = Field(
        None,
        description="A key that may do everything; with it, every caller must send a key.",
    )
    require_key: bool = Field(
        False, description="Ask for a key on loopback too; bodhi keys create makes them."
    )
    max_body_mib: int = Field(32, ge=1, le=1024, description="Largest request body, MiB.")
    engine: Literal["embedded", "binary"] = Field(
        "embedded", description="What runs models: the llama.cpp that comes along, or a program."
    )
    llama_server: Path | None = Field(
        None, description="The program for engine: binary; unset takes llama-server on PATH."
    )
    remotes: dict[Annotated[str, Field(pattern=r"^[\w.-]{1,64}$")], RemoteSettings] = Field(
        {}, description="Servers elsewhere, by name: aliases with repo: remote:NAME go there."
    )
    max_engines: int = Field(3, ge=1, le=64, description="Engines kept running at once.")
    idle_unload_s: float = Field(
        600, ge=0, description="Stop an engine unused for this many seconds; 0 keeps it."
    )
    load_timeout_s: float = Field(
        60, gt=0, description="Give up a load that made no progress for this many seconds."
    )
    silence_timeout_s: float = Field(
        120, gt=0, description="Give up an answer when the engine sends nothing for so long."
    )
    max_queue: int = Field(128, ge=0, description="Requests that may wait per alias.")
    drain_s: float = Field(30, ge=0, description="How long a stop waits for running answers.")
    versions_kept: int = Field(
        200, ge=1, le=100_000, description="How many contents of each alias are kept."
    )
    drafts_kept_days: int = Field(
        90, ge=1, le=36_500, description="A draft that nobody touched for so many days goes."
    )
    usage_keep_user: bool = Field(
        False, description="Record the user of a request as it was sent, not as a keyed hash."
    )
    usage_kept_days: int = Field(
        90, ge=1, le=36_500, description="Records of single requests go then; their sums stay."
    )
    memory_check: Literal["refuse", "off"] = Field(
        "refuse", description="What to do when a load would not fit the free memory."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        yaml_file = default_home() / "settings.yaml"
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls, yaml_file)


def load(**overrides: Any) -> Settings:
    """Read the settings once. ``overrides`` come from the command line; None means not given."""
    return Settings(**{k: v for k, v in overrides.items() if v is not None})


class Setting(NamedTuple):
    """One setting as it is. ``value`` is fit for JSON, and masked where it is a secret.

    ``source`` is ``default``, ``settings.yaml``, ``command line`` or the name of a variable.
    """

    name: str
    value: Any
    source: str
    help: str


def described(settings: Settings) -> Iterator[Setting]:
    """Every setting with its value and where that comes from, as environment and file are now."""
    in_environment = EnvSettingsSource(Settings)()
    in_file = YamlConfigSettingsSource(Settings, default_home() / "settings.yaml")()
    without_command_line = load()
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if value != getattr(without_command_line, name):
            source = "command line"
        elif name in in_environment:
            source = f"BODHI_{name.upper()}"
        elif name in in_file:
            source = "settings.yaml"
        else:
            source = _source_of_default(name)
        yield Setting(name, _plain(value), source, field.description or "")


def _source_of_default(name: str) -> str:
    borrowed = (variable for variable in _BORROWED.get(name, ()) if os.environ.get(variable))
    return next(borrowed, "default")


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return _MASK
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
