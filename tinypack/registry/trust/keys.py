"""Keys, ed25519: `<name>.pem` (PKCS#8, secret, mode 0600) and `<name>.pub` (JSON, to hand out) in a folder.

TINYPACK_KEYS names another folder, TINYPACK_KEY_PASSPHRASE encrypts and opens the secret files, TINYPACK_KEY holds the
text of one more key: secrets of CI come that way. No secret is ever printed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from tinypack.errors import TinypackError
from tinypack.output import write_file
from tinypack.registry.entries import Signature
from tinypack.registry.trust.seen import Seen

ENVIRONMENT = "TINYPACK_KEY"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True)
class SigningKey:
    """A secret key."""

    name: str
    signer: CryptoSigner = field(repr=False)

    @property
    def keyid(self) -> str:
        return self.signer.public_key.keyid

    @property
    def public(self) -> dict[str, Any]:
        """Give the public half, as metadata write it."""
        return self.signer.public_key.to_dict()

    def sign(self, data: bytes) -> Signature:
        """Sign bytes."""
        return Signature(keyid=self.keyid, sig=self.signer.sign(data).signature)


def public_key(keyid: str, data: Mapping[str, Any]) -> SSlibKey | None:
    """Read a public key; None unless it is ed25519 and its id is that of its bytes: no other key can bear it."""
    try:
        raw = bytes.fromhex(data["keyval"]["public"])
        key = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(raw))
    except (KeyError, TypeError, ValueError):
        return None
    return key if key.keyid == keyid and key.to_dict() == data else None


def read_public(path: Path) -> tuple[str, dict[str, Any]]:
    """Read a `.pub` file: id and key.

    Raises: TinypackError (io)
    """
    try:
        found = json.loads(path.read_bytes())
        keyid, key = found["keyid"], found["key"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise TinypackError.one("io", str(path), "a .pub file is JSON with keyid and key", str(error)[:200]) from None
    if not isinstance(keyid, str) or not isinstance(key, dict) or public_key(keyid, key) is None:
        raise TinypackError.one("io", str(path), "a .pub file holds an ed25519 key and its id", "something else")
    return keyid, key


class KeyFolder:
    """Keys that this user holds, and what was last seen of the registries that they sign for."""

    def __init__(self, folder: Path | None = None) -> None:
        chosen = os.environ.get("TINYPACK_KEYS")
        self.folder = folder or (Path(chosen) if chosen else Path.home() / ".config" / "tinypack" / "keys")
        self.seen = Seen(self.folder)

    def names(self) -> list[str]:
        """List the keys in the folder."""
        return sorted(path.stem for path in self.folder.glob("*.pem"))

    def public(self, name: str) -> tuple[str, dict[str, Any]]:
        """Give a key's id and public half, without its passphrase.

        Raises: TinypackError (io)
        """
        return read_public(self.folder / f"{name}.pub")

    def generate(self, name: str) -> SigningKey:
        """Make a key.

        Raises: TinypackError (io) if there is one of that name, or it can't be written
        """
        if not NAME.fullmatch(name):
            raise TinypackError.one("io", f"key {name!r}", "a key's name has a-z, 0-9, dots and dashes", name)
        secret = Ed25519PrivateKey.generate()
        key = SigningKey(name, CryptoSigner(secret))
        text = json.dumps({"keyid": key.keyid, "key": key.public}, indent=2) + "\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.folder / f"{name}.pem", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption()))
        except OSError as error:
            where = str(self.folder / f"{name}.pem")
            raise TinypackError.one("io", where, "a new key needs a new file", str(error.strerror)) from None
        write_file(self.folder / f"{name}.pub", text.encode())
        return key

    def ensure(self, name: str) -> SigningKey:
        """Load a key, or make it."""
        return self.load(name) if name in self.names() else self.generate(name)

    def load(self, name: str) -> SigningKey:
        """Load a key by its name.

        Raises: TinypackError (missing-key)
        """
        path = self.folder / f"{name}.pem"
        try:
            return _read(name, path.read_bytes(), str(path))
        except OSError as error:
            raise TinypackError.one(
                "missing-key", str(path), "a key is read from its file", str(error.strerror)
            ) from None

    def given(self) -> SigningKey | None:
        """Give the key whose text is in the environment.

        Raises: TinypackError (missing-key) if it is damaged or its passphrase is wrong
        """
        text = os.environ.get(ENVIRONMENT)
        return _read(ENVIRONMENT, text.encode(), f"environment variable {ENVIRONMENT}") if text else None

    def find(self, keyids: Collection[str]) -> SigningKey | None:
        """Load the first key at hand that has one of these ids.

        Raises: TinypackError (missing-key) if it is damaged or its passphrase is wrong
        """
        given = self.given()
        if given and given.keyid in keyids:
            return given
        found = (self.load(name) for name in self.names() if self.keyid(name) in keyids)
        return next((key for key in found if key.keyid in keyids), None)

    def keyid(self, name: str) -> str:
        """Give a key's id: of its public file if it has one, else of the key itself."""
        return self.public(name)[0] if (self.folder / f"{name}.pub").exists() else self.load(name).keyid


def _passphrase() -> bytes | None:
    return os.environ.get("TINYPACK_KEY_PASSPHRASE", "").encode() or None


def _encryption() -> KeySerializationEncryption:
    passphrase = _passphrase()
    return BestAvailableEncryption(passphrase) if passphrase else NoEncryption()


def _read(name: str, pem: bytes, where: str) -> SigningKey:
    try:
        secret = load_pem_private_key(pem, _passphrase() if b"ENCRYPTED" in pem else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = "it is damaged, or TINYPACK_KEY_PASSPHRASE is not its passphrase"
        raise TinypackError.one("missing-key", where, "a key is PEM, PKCS#8", found) from None
    if not isinstance(secret, Ed25519PrivateKey):
        raise TinypackError.one("missing-key", where, "a key is ed25519", type(secret).__name__)
    return SigningKey(name, CryptoSigner(secret))
