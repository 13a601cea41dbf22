"""The files of aliases that are exported together, as they lie on the disk.

Everything here blocks and is called from a thread.
"""

from collections.abc import Sequence

from bodhi.aliases.archive import check_file_name
from bodhi.aliases.entry import model_by_alias_id
from bodhi.aliases.store import AliasStore
from bodhi.errors import BodhiError, InvalidInput
from bodhi.model_files.index import Catalogue


def files_of(ids: Sequence[str], store: AliasStore, catalogue: Catalogue) -> dict[str, bytes]:
    """File name -> bytes, of each of these aliases.

    An error names the alias that it is about: InvalidInput for a model's own, NameInvalid
    for a file that no archive takes, and all that :meth:`AliasStore.file_of` raises.
    """
    files: dict[str, bytes] = {}
    for number, alias_id in enumerate(ids):
        try:
            if store.by_stem(alias_id) is None and model_by_alias_id(alias_id, catalogue):
                raise InvalidInput(
                    "A model's own alias has no file.",
                    remedy="Leave it out, or create a custom alias of it and export that.",
                )
            name, data = store.file_of(alias_id)
            check_file_name(name)
            files[name] = data
        except BodhiError as error:
            raise type(error)(
                f"{alias_id}: {error.message}", pointer=f"/ids/{number}", remedy=error.remedy
            ) from None
    return files
