"""Tells from a key what its holder may do, in a time that says nothing about other keys."""

import hmac
import logging
import secrets

from bodhi.access.grant import Grant, KeyScope
from bodhi.access.keys import Key, KeyStore, digest_of, id_in
from bodhi.errors import StorageFailed

log = logging.getLogger("bodhi.access")

# What records of usage call the key of the settings; ids of made keys are hexadecimal.
_CONFIGURED = Grant(KeyScope.ADMIN, key_id="settings")


class Door:
    """Knows the configured key, which may do everything, and the keys of the home."""

    def __init__(self, api_key: str | None, keys: KeyStore | None) -> None:
        # What no digest equals stands in for what is not there, so that every try takes as long.
        self._nothing = secrets.token_bytes(32)
        self._configured = self._nothing if api_key is None else digest_of(api_key)
        self._keys = keys
        self._complained = False

    def admit(self, text: str) -> Grant | None:
        """What the holder of this key may do; None if nobody knows it. Never raises."""
        digest = digest_of(text)
        key = self._find(id_in(text))
        is_configured = hmac.compare_digest(digest, self._configured)
        is_kept = hmac.compare_digest(digest, self._nothing if key is None else key.digest)
        if is_configured:
            return _CONFIGURED
        return key.grant if key is not None and is_kept else None

    def _find(self, key_id: str) -> Key | None:
        if self._keys is None:
            return None
        try:
            return self._keys.find(key_id)
        except StorageFailed as error:
            if not self._complained:
                log.warning("keys are refused, save the configured one: %s", error.message)
            self._complained = True
            return None
