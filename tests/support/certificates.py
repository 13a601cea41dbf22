"""Certificates for tests, made by openssl where there is one."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Certificate:
    """Its own authority: whoever trusts ``file`` trusts it."""

    file: Path
    key: Path

    def serving(self) -> ssl.SSLContext:
        """What a server shows it with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


def make_certificate(folder: Path, name: str = "IP:127.0.0.1") -> Certificate:
    """For a name as ``subjectAltName`` has it. Skips the test where there is no openssl."""
    made = Certificate(folder / "certificate.pem", folder / "certificate.key")
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    request += ["-nodes", "-subj", "/CN=test", "-addext", f"subjectAltName={name}"]
    try:
        subprocess.run(
            [*request, "-out", str(made.file), "-keyout", str(made.key)],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("there is no openssl to make certificates with")
    return made
