"""Start a registry, and keep its metadata fresh; `rotation` changes its keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tuf.api.metadata import Delegations, Key, Root, Signed, Snapshot, SuccinctRoles, Targets, Timestamp

from tinypack.errors import TinypackError
from tinypack.registry.entries import Mode
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import Edit, Reader, Store
from tinypack.registry.stores.opening import open_store, split_pin
from tinypack.registry.trust.chain import check_chain, check_pin, keys_of, read_chain
from tinypack.registry.trust.draft import Draft
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import NAME, KeyFolder, SigningKey
from tinypack.registry.trust.metadata import exists, metadata_path, now, seal
from tinypack.registry.trust.rotation import renew_root, settle
from tinypack.registry.trust.settings import BITS, DEFAULT_BINS, LATE_DAYS, TIMESTAMP_DAYS, Settings

PREFIX = "bins"


@dataclass(frozen=True)
class Started:
    """A new registry; clients may pin `registry`, the SHA-256 of its first root."""

    registry: str
    root_key: SigningKey
    online_key: SigningKey


def init_registry(
    store: Store,
    keys: KeyFolder,
    mode: Mode = "private",
    bins: int = DEFAULT_BINS,
    timestamp_days: int | None = None,
    name: str = "registry",
) -> Started:
    """Make an empty registry with the keys `<name>-root` and `<name>-online`, which are made unless they are there.

    Interrupted, it is finished by calling it again.
    Raises: TinypackError (io, missing-key, refused, unreachable)
    """
    bits = bins.bit_length() - 1
    if not NAME.fullmatch(name):
        rule = "a registry's name has a-z, 0-9, dots and dashes"
        raise TinypackError.one("refused", store.url, rule, ascii(name), "such as `--name models`")
    if bits not in BITS or bins != 1 << bits:
        rule = f"a registry has {1 << BITS[0]} to {1 << BITS[-1]} bins, a power of two"
        raise TinypackError.one("refused", store.url, rule, str(bins), "leave `--bins` out: the default will do")
    settings = Settings(mode, timestamp_days or TIMESTAMP_DAYS[mode], name)
    _refuse_another(store)
    root_key, online_key = keys.ensure(f"{name}-root"), keys.ensure(f"{name}-online")

    def change(reader: Reader) -> Edit:
        _refuse_another(reader)
        path = metadata_path("root", 1)
        new: dict[str, bytes] = {}
        if exists(reader, path):
            chain = read_chain(reader)
        else:
            new[path] = seal(first_root(settings, root_key, online_key), LATE_DAYS, "", [root_key])
            chain = check_chain([new[path]], reader.url)
        if chain.settings != settings or root_key.keyid not in chain.root_keys:
            raise _taken(f"{reader.url}: {path}", "the root of another one")
        draft = Draft(reader, chain.registry, settings)
        draft.new.update(new)
        draft.put("targets", Targets(delegations=_delegations([online_key], bits)), [root_key])
        return draft.finish([online_key], f"Start the {mode} registry {name}")

    store.update(change)
    return Started(read_chain(store).registry, root_key, online_key)


@dataclass(frozen=True)
class Renewed:
    """What `renew` signed.

    roles    timestamp always, others when less than half their time is left
    lacking  roles that are as old, but whose root key is not at hand
    expires  when the registry must be signed again
    """

    roles: list[str]
    lacking: list[str]
    expires: datetime


def renew(store: Store, keys: KeyFolder) -> Renewed:
    """Sign again what expires; needs an online key, and a root key only once in years.

    Raises: TinypackError (missing-key; as Head.read)
    """
    settle(store, keys)
    head = Head.read(store)
    root_key = keys.find(keys_of([head.chain.last], Root.type))
    old = [signed.type for signed in (head.chain.last, head.targets) if _old(signed)]
    roles = old if root_key else []
    if root_key and Root.type in roles:
        renew_root(store, keys)
    done: list[str] = []

    def change(reader: Reader) -> Edit:
        done.clear()
        head = Head.read(reader)
        key, draft = head.online_key(keys), head.draft()
        if root_key and Targets.type in roles:
            draft.put(Targets.type, Targets(delegations=head.targets.delegations), [root_key])
        for name in head.bin_names():
            found = head.bin_metadata(name)
            if found and _old(found.signed):
                done.append(name)
                draft.put(name, Targets(targets=found.signed.targets), [key])
        if draft.new or _old(head.snapshot):
            done.append(Snapshot.type)
            return draft.finish([key], "Renew metadata")
        return Edit(head=(HEAD, draft.timestamp(head.timestamp.snapshot_meta, [key])), message="Renew the timestamp")

    store.update(change)
    lacking = [] if root_key else old
    return Renewed([*roles, *done, Timestamp.type], lacking, Head.read(store).timestamp.expires)


def _old(signed: Signed) -> bool:
    return signed.expires - now() < timedelta(days=LATE_DAYS) / 2


def first_root(settings: Settings, root_key: SigningKey, online_key: SigningKey) -> Root:
    """Say which keys a new registry has."""
    root = Root(consistent_snapshot=True, unrecognized_fields=settings.to_fields())
    for role, key in (
        (Root.type, root_key),
        (Targets.type, root_key),
        (Snapshot.type, online_key),
        (Timestamp.type, online_key),
    ):
        root.add_key(key.signer.public_key, role)
    return root


def _delegations(online_keys: list[SigningKey], bits: int) -> Delegations:
    public: dict[str, Key] = {key.keyid: key.signer.public_key for key in online_keys}
    return Delegations(public, succinct_roles=SuccinctRoles(list(public), 1, bits, PREFIX))


def _refuse_another(reader: Reader) -> None:
    if exists(reader, HEAD):
        raise _taken(f"{reader.url}: {HEAD}", "a registry")


def _taken(where: str, found: str) -> TinypackError:
    hint = "choose another place, or publish into this one"
    return TinypackError.one("refused", where, "a registry starts in a place that has none", found, hint)


def open_registry(url: str) -> Store:
    """Open a registry to write to; if its URL pins the first root, that must be it.

    Raises: TinypackError (unreachable, untrusted)
    """
    address, pin = split_pin(url)
    store = open_store(address)
    if pin:
        check_pin(store, pin)
    return store
