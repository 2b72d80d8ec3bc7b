"""Where pages go, and where they find the registry's files."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from tinypack.errors import TinypackError, without_secrets
from tinypack.registry.client.lockfile import is_folder
from tinypack.registry.stores.opening import FILE, WEB


def page_place(registry_url: str, output: Path | None, base_url: str) -> tuple[Path, str]:
    """Give the folder of the pages, and the address of the registry's files; "" if the pages lie among these.

    registry_url  without a pin
    Raises: TinypackError (io)
    """
    home = _home(registry_url)
    if output is None:
        if home is None:
            rule = "pages of a registry that is no folder need another place"
            raise TinypackError.one("io", registry_url, rule, hint="name a folder: --output FOLDER")
        return home, base_url
    if base_url or (home is not None and output.resolve() == home.resolve()):
        return output, base_url
    if WEB.fullmatch(registry_url):
        return output, without_secrets(registry_url).rstrip("/")
    rule = "pages that don't lie in the registry's folder must know at which address browsers find its files"
    raise TinypackError.one("io", str(output), rule, hint="name it: --base-url https://…")


def _home(url: str) -> Path | None:
    if FILE.fullmatch(url):
        return Path(unquote(urlsplit(url).path))
    return Path(url).expanduser() if is_folder(url) and not url.endswith(".git") else None
