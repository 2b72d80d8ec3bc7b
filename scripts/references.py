"""Write the generated pages of docs/."""

from __future__ import annotations

import json
from pathlib import Path

from tinypack.manifest import manifest_schema
from tinypack.references import pages

DOCS = Path(__file__).parents[1] / "docs"

if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
    (DOCS / "tinypack.schema.json").write_text(json.dumps(manifest_schema(), indent=2) + "\n", encoding="utf-8")
