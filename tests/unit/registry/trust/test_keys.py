from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.trust import make_yank
from tinypack.errors import TinypackError
from tinypack.registry.entries import Signed
from tinypack.registry.trust.keys import KeyFolder, public_key, read_public
from tinypack.registry.trust.statements import sign, signers


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def test_a_key_is_found_again(keys: KeyFolder) -> None:
    made = keys.generate("ada")
    assert keys.names() == ["ada"]
    assert stat.S_IMODE((keys.folder / "ada.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    for found in (keys.load("ada"), keys.ensure("ada"), keys.find({made.keyid})):
        assert found is not None and (found.keyid, found.public) == (made.keyid, made.public)
    assert keys.find({"ab" * 32}) is None
    assert read_public(keys.folder / "ada.pub") == (made.keyid, made.public)
    (keys.folder / "ada.pub").unlink()
    assert keys.find({made.keyid}) is not None


def test_secrets_are_not_shown(keys: KeyFolder) -> None:
    key = keys.generate("ada")
    secret = (keys.folder / "ada.pem").read_text().splitlines()[1]
    assert secret not in repr(key) + str(vars(key))
    assert secret.encode() not in (keys.folder / "ada.pub").read_bytes()


def test_a_passphrase_locks_the_file(keys: KeyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYPACK_KEY_PASSPHRASE", "correct horse")
    made = keys.generate("ada")
    assert b"ENCRYPTED" in (keys.folder / "ada.pem").read_bytes()
    assert keys.load("ada").keyid == made.keyid
    for wrong in ("battery staple", ""):
        monkeypatch.setenv("TINYPACK_KEY_PASSPHRASE", wrong)
        assert keys.public("ada") == (made.keyid, made.public)
        with pytest.raises(TinypackError) as caught:
            keys.load("ada")
        assert caught.value.problems[0].code == "missing-key"
        assert wrong == "" or wrong not in str(caught.value)


def test_a_key_may_come_from_the_environment(keys: KeyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = keys.generate("ada")
    monkeypatch.setenv("TINYPACK_KEY", (keys.folder / "ada.pem").read_text())
    found = KeyFolder(tmp_path / "none").find({key.keyid})
    assert found is not None and found.keyid == key.keyid
    monkeypatch.setenv("TINYPACK_KEYS", str(keys.folder))
    assert KeyFolder().names() == ["ada"]


def _write(name: str, data: bytes) -> Callable[[KeyFolder], object]:
    def attempt(keys: KeyFolder) -> object:
        keys.folder.mkdir(exist_ok=True)
        (keys.folder / name).write_bytes(data)
        return keys.load("bad") if name.endswith(".pem") else read_public(keys.folder / name)

    return attempt


RSA = b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
BAD: dict[str, tuple[Callable[[KeyFolder], object], str]] = {
    "no file": (lambda keys: keys.load("none"), "missing-key"),
    "no PEM": (_write("bad.pem", b"hello"), "missing-key"),
    "damaged PEM": (_write("bad.pem", RSA), "missing-key"),
    "name": (lambda keys: keys.generate("../ada"), "io"),
    "name taken": (lambda keys: (keys.generate("ada"), keys.generate("ada")), "io"),
    "no .pub": (lambda keys: read_public(keys.folder / "none.pub"), "io"),
    ".pub of no JSON": (_write("bad.pub", b"\xff"), "io"),
    ".pub of a list": (_write("bad.pub", b"[]"), "io"),
    ".pub under a false id": (_write("bad.pub", b'{"keyid": "ab", "key": {"keyval": {"public": "00"}}}'), "io"),
    "folder is a file": (lambda keys: (keys.folder.touch(), keys.generate("ada")), "io"),
}


@pytest.mark.parametrize("attempt, code", BAD.values(), ids=BAD)
def test_refusals(attempt: Callable[[KeyFolder], object], code: str, keys: KeyFolder) -> None:
    with pytest.raises(TinypackError) as caught:
        attempt(keys)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_an_id_belongs_to_one_key(keys: KeyFolder) -> None:
    ada, bob = keys.generate("ada"), keys.generate("bob")
    assert public_key(ada.keyid, ada.public) is not None
    upper = {**ada.public, "keyval": {"public": ada.public["keyval"]["public"].upper()}}
    for keyid, key in ((ada.keyid, bob.public), (ada.keyid, upper), (ada.keyid, {}), (ada.keyid, {"keyval": 1})):
        assert public_key(keyid, key) is None


def test_signatures_count_only_over_what_was_signed(keys: KeyFolder) -> None:
    ada, bob = keys.generate("ada"), keys.generate("bob")
    public = {key.keyid: key.public for key in (ada, bob)}
    signed = sign(make_yank("kws", "1.0.0"), ada)
    assert signers(signed, public) == {ada.keyid}
    assert signers(signed, {bob.keyid: bob.public}) == set()
    assert signers(signed, {ada.keyid: bob.public}) == set()
    other = Signed(body=make_yank("kws", "1.0.1"), signatures=signed.signatures)
    assert signers(other, public) == set()
    for sig in ("", "0", "00", signed.signatures[0].sig[:-2]):
        cut = Signed(body=signed.body, signatures=[signed.signatures[0].model_copy(update={"sig": sig})])
        assert signers(cut, public) == set()
