"""tinypack: a trained, quantised model goes in; a verified microcontroller library comes out."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: Public name -> the module that defines it, imported on first use so that `tinypack --help` stays fast.
_WHERE = {
    "TinypackError": "tinypack.errors",
    "load_model": "tinypack.pack",
    "inspect_model": "tinypack.pack",
    "build_package": "tinypack.pack",
    "verify_package": "tinypack.verify.package",
}

__all__ = [*_WHERE, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'tinypack' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
