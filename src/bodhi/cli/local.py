"""What the command line reads from this machine itself: settings, alias files, model files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from bodhi.errors import StartRefused

if TYPE_CHECKING:
    from bodhi.aliases.check import Checker
    from bodhi.aliases.store import AliasStore
    from bodhi.chat_templates.sources import TemplatePlaces
    from bodhi.model_files.index import Catalogue
    from bodhi.model_files.model import ModelFile
    from bodhi.settings import Settings


def load_settings(**overrides: Any) -> Settings:
    """The settings; StartRefused names the one that is wrong, never its value (it may be a key)."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError
    from yaml import YAMLError

    from bodhi import settings

    try:
        return settings.load(**overrides)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise StartRefused(
            f"The setting {name} cannot be used: {first['msg']}.",
            remedy=f"Correct {name} in settings.yaml or BODHI_{_first_part(name)} in the "
            "environment.",
        ) from error
    except SettingsError as error:
        # Its text names the setting and where it was found, and not the value.
        raise StartRefused(
            f"A setting cannot be read: {error}.", remedy="Lists and objects are written as JSON."
        ) from error
    except (YAMLError, OSError, ValueError) as error:
        raise StartRefused(
            "settings.yaml cannot be read.", remedy="Correct it, or move it away."
        ) from error


def _first_part(name: str) -> str:
    """The setting itself, which is what a variable of the environment holds."""
    return name.partition(".")[0].upper()


def open_aliases(settings: Settings) -> AliasStore:
    """The user aliases as their files are now."""
    from bodhi import app

    return app.alias_store(settings)


def scan_models(settings: Settings) -> Catalogue:
    """The models on disk as they are now."""
    from bodhi import app

    return app.model_index(settings).scan()


def checker(settings: Settings) -> Checker:
    """What finds out why an alias would not serve."""
    from bodhi import app

    return app.checker(settings)


def template_places(settings: Settings) -> TemplatePlaces:
    """Where chat templates are found on this machine."""
    from bodhi import app

    return app.template_places(settings)


def find_model(name: str, catalogue: Catalogue) -> ModelFile:
    """The model ``owner/repo:QUANT``, or of ``owner/repo`` where it has one only.

    Raises AliasNotFound or NameAmbiguous.
    """
    from bodhi.aliases.resolve import resolve

    found = resolve(name, _NoAliases(), catalogue).model
    assert found is not None  # noqa: S101 - only aliases name remotes
    return found


class _NoAliases:
    """Names of models only, for the one function that resolves names."""

    def get(self, name: str) -> None:
        del name

    def all(self) -> tuple[()]:
        return ()

    def recipe_at(self, stored: object, number: int) -> NoReturn:
        raise AssertionError(stored, number)  # there is none to ask about
