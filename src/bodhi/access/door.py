"""Tells from a key what its holder may do, in a time that says nothing about other keys."""

import hmac
import logging
import secrets
from dataclasses import dataclass, field

from bodhi.access.grant import Grant, KeyScope
from bodhi.access.keys import Key, KeyStore, digest_of, id_in
from bodhi.errors import StorageFailed

log = logging.getLogger("bodhi.access")

# What records call the key of the settings; ids of made keys are hexadecimal.
_CONFIGURED = Grant(KeyScope.ADMIN, key_id="settings")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who showed a good key, and what that opened then. ``digest`` is the key's."""

    grant: Grant
    digest: bytes = field(repr=False)


class Door:
    """Knows the configured key, which may do everything, and the keys of the home."""

    def __init__(self, api_key: str | None, keys: KeyStore | None) -> None:
        # What no digest equals stands in for what is not there, so that every try takes as long.
        self._nothing = secrets.token_bytes(32)
        self._configured = self._nothing if api_key is None else digest_of(api_key)
        self._keys = keys
        self._complained = False

    def admit(self, text: str) -> Holder | None:
        """Who holds this key, and what they may do; None if nobody knows it. Never raises."""
        digest = digest_of(text)
        return self._holder(digest, id_in(text))

    def confirm(self, holder: Holder) -> Holder | None:
        """The same holder with what the key opens now; None once it was revoked. Never raises."""
        return self._holder(holder.digest, holder.grant.key_id or "")

    def _holder(self, digest: bytes, key_id: str) -> Holder | None:
        key = self._find(key_id)
        is_configured = hmac.compare_digest(digest, self._configured)
        is_kept = hmac.compare_digest(digest, self._nothing if key is None else key.digest)
        if is_configured:
            return Holder(_CONFIGURED, digest)
        return Holder(key.grant, digest) if key is not None and is_kept else None

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
