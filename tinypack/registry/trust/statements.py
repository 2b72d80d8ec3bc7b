"""What publishers sign: releases, attestations, yanks and owners; who signed, and whether they may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Signature as TufSignature

from tinypack.errors import Problem, TinypackError
from tinypack.registry.entries import Attested, Entry, Mode, Owners, Release, Signed, Yank, canonical
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.trust.keys import SigningKey, public_key
from tinypack.registry.trust.settings import Settings

Keys = Mapping[str, dict[str, Any]]
Body = TypeVar("Body", bound=Entry)


def sign(body: Body, key: SigningKey) -> Signed[Body]:
    """Sign a statement."""
    return Signed(body=body, signatures=[key.sign(canonical(body))])


def signers(signed: Signed[Any], keys: Keys) -> set[str]:
    """Give the ids of those keys that validly signed a statement."""
    data = signed.signed_bytes()
    found = set()
    for signature in signed.signatures:
        key = public_key(signature.keyid, keys.get(signature.keyid, {}))
        if key is None:
            continue
        try:
            key.verify_signature(TufSignature(signature.keyid, signature.sig), data)
        except UnverifiedSignatureError:
            continue
        found.add(signature.keyid)
    return found


def current_owners(index: PackageIndex) -> Owners | None:
    """Give who owns a package now; None in private registries."""
    return index.owners[-1].body if index.owners else None


def check_index(
    index: PackageIndex, settings: Settings, root_keys: Keys, online_keys: Keys, registry: str = ""
) -> None:
    """Check who signed all statements of a package.

    root_keys, online_keys  of every root that is trusted, former ones too
    registry                that they must be for, where they say so: by its first root

    Raises: TinypackError (untrusted, not-owner) with every problem
    """
    problems = [*_places(index), *_elsewhere(index, registry), *CHECKS[settings.mode](index, root_keys, online_keys)]
    if problems:
        raise TinypackError(problems)


def _places(index: PackageIndex) -> Iterator[Problem]:
    """A statement may not be carried over from another version."""
    for line in index.lines:
        release = line.release.body
        where = f"{index.name} {line.version}"
        bodies: list[Attested | Yank] = [signed.body for signed in line.attestations]
        bodies += [line.yank.body] if line.yank else []
        for body in bodies:
            if (body.name, body.version) != (index.name, line.version):
                rule = "a statement stands with the version that it is about"
                yield Problem("untrusted", where, rule, f"{body.kind} of {body.name} {body.version}")
        archives = {archive.sha256 for archive in release.archives}
        for signed in line.attestations:
            if not signed.body.artifacts or set(signed.body.artifacts) - archives:
                rule = "an attestation is about archives of this version"
                yield Problem("untrusted", where, rule, "other archives")


def _elsewhere(index: PackageIndex, registry: str) -> Iterator[Problem]:
    """Nor from another registry: who publishes there with the same key may mean it for there alone."""
    said: list[Release | Yank | Owners] = [signed.body for signed in index.owners]
    said += [line.release.body for line in index.lines] + [line.yank.body for line in index.lines if line.yank]
    for body in said:
        if registry and body.registry and body.registry != registry:
            yield _other(body, index.name, registry)


def _other(body: Release | Yank | Owners, where: str, registry: str) -> Problem:
    found = f"for {body.registry[:16]}" if body.registry else "it does not say for which"
    return Problem("untrusted", where, f"the {body.kind} is for this registry, {registry[:16]}", found)


def _private(index: PackageIndex, root_keys: Keys, online_keys: Keys) -> Iterator[Problem]:
    """One trust domain: whoever holds an online key may say all."""
    if index.owners:
        yield Problem("untrusted", index.name, "packages of a private registry have no owners", f"{len(index.owners)}")
    for line in index.lines:
        for signed in _statements(line):
            yield from _signed(signed, online_keys, f"{index.name} {line.version}", "an online key of the registry")


def _public(index: PackageIndex, root_keys: Keys, online_keys: Keys) -> Iterator[Problem]:
    """A name belongs to its owners: a release is signed by an owner of its time."""
    yield from _chain(index, root_keys)
    owners = {keyid: key for signed in index.owners for keyid, key in signed.body.keys.items()}
    for count, line in enumerate(index.lines):
        where, number = f"{index.name} {line.version}", owners_number(index, count)
        may = index.owners[number - 1].body.keys if number else {}
        yield from _signed(line.release, may, where, f"an owner of its time (owners {number})")
        if line.yank:
            yield from _signed(line.yank, {**owners, **root_keys}, where, "an owner or a root key")
        for attested in line.attestations:
            yield from _attested(attested, {**owners, **online_keys}, where)


def owners_number(index: PackageIndex, line: int) -> int:
    """Say which owners a line was published under: 0 before the first."""
    return sum(1 for signed in index.owners if signed.body.lines <= line)


def _chain(index: PackageIndex, root_keys: Keys) -> Iterator[Problem]:
    """Each owners' change is signed by an owner before it, or by a root key: then it is a recovery."""
    if not index.owners and index.lines:
        yield Problem("not-owner", index.name, "packages of a public registry have owners", "none")
    before: Keys = {}
    lines = 0
    for count, signed in enumerate(index.owners, start=1):
        owners, where = signed.body, f"{index.name}: owners {signed.body.number}"
        if owners.number != count:
            yield Problem(
                "untrusted", where, "owners are numbered in a row from 1", f"{owners.number} as number {count}"
            )
        if not lines <= owners.lines <= len(index.lines) or index.digest(owners.lines) != owners.digest:
            rule = "an owners' change names the versions that were there before, and they stay as they are"
            yield Problem("untrusted", where, rule, "others")
        if not owners.keys or any(public_key(keyid, key) is None for keyid, key in owners.keys.items()):
            yield Problem("untrusted", where, "owners are ed25519 keys, each under its own id", "others, or none")
        may = {**root_keys, **before} if before else owners.keys
        yield from _signed(signed, may, where, "an owner before, or a root key" if before else "one of them")
        before, lines = owners.keys, owners.lines


def _attested(signed: Signed[Attested], known: Keys, where: str) -> Iterator[Problem]:
    """Anyone may attest, with a key that the attestation brings; what counts is who it is."""
    brought = {signature.keyid: signed.body.key for signature in signed.signatures if signed.body.key}
    yield from _signed(signed, {**brought, **known}, where, "an owner, the registry, or its own key")


def _signed(signed: Signed[Any], keys: Keys, where: str, who: str) -> Iterator[Problem]:
    if signers(signed, keys):
        return
    named = {signature.keyid for signature in signed.signatures}
    if named & keys.keys():
        yield Problem("untrusted", where, f"the {signed.body.kind}'s signature is valid", "it is not")
    else:
        found = ", ".join(keyid[:16] for keyid in sorted(named)) or "nobody"
        yield Problem("not-owner", where, f"the {signed.body.kind} is signed by {who}", f"signed by {found}")


#: Mode -> who must have signed what.
CHECKS: dict[Mode, Callable[[PackageIndex, Keys, Keys], Iterator[Problem]]] = {"private": _private, "public": _public}


def check_new(
    signed: Signed[Any],
    index: PackageIndex,
    settings: Settings,
    root_keys: Keys,
    online_keys: Keys,
    registry: str = "",
) -> None:
    """Check that whoever signed may say now what is to be added to an index, as it is without it.

    `check_index` of what comes out checks all else; it can't know what was said when.

    root_keys, online_keys  those of today
    registry                that it must be for
    Raises: TinypackError (not-owner, refused, untrusted)
    """
    body = signed.body
    problems = list(_newer(body, index)) if isinstance(body, Yank) else []
    if registry and not isinstance(body, Attested) and body.registry != registry:
        problems.append(_other(body, index.name, registry))
    owners = current_owners(index)
    if settings.mode == "private":
        problems += _signed(signed, online_keys, index.name, "an online key of today")
    elif owners is not None and not (isinstance(body, Attested) and body.key):
        others: dict[type[Entry], Keys] = {Release: {}, Attested: online_keys}
        may = {**owners.keys, **others.get(type(body), root_keys)}
        problems += _signed(signed, may, index.name, "an owner of today")
    if problems:
        raise TinypackError(problems)


def _newer(yank: Yank, index: PackageIndex) -> Iterator[Problem]:
    """An old statement, which anyone can read, can't be handed in again to undo a newer one."""
    line = index.line(yank.version)
    if line and line.yank and yank.made <= line.yank.body.made:
        where = f"{index.name} {yank.version}"
        rule = f"a yank is newer than the one it replaces, of {line.yank.body.made}"
        yield Problem("refused", where, rule, f"of {yank.made}", "say it again, with the clock set right")


def change_owners(index: PackageIndex, keys: Keys, made: str, registry: str | None = None, why: str = "") -> Owners:
    """State who owns a package from now on, to be signed by an owner before, or by a root key."""
    lines = len(index.lines)
    return Owners(
        registry=registry,
        name=index.name,
        number=len(index.owners) + 1,
        made=made,
        keys={keyid: dict(key) for keyid, key in keys.items()},
        lines=lines,
        digest=index.digest(lines),
        why=why,
    )


def _statements(line: Line) -> list[Signed[Any]]:
    return [line.release, *line.attestations, *([line.yank] if line.yank else [])]
