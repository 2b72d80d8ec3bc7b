from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from scripts import feature_pictures
from tests.support.machine import lack
from tinypack.features import EXTRACTORS

PAGES = Path(__file__).parents[2] / "docs" / "features"
MOST_BYTES = 60 * 1024


@pytest.mark.parametrize("name", EXTRACTORS)
def test_page_shows_its_picture(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {name}\n")
    assert f"]({name}.png)" in page
    assert f'type = "{name}"' in page
    assert (PAGES / f"{name}.png").stat().st_size < MOST_BYTES, "run `make pictures`"


@pytest.mark.parametrize("name", EXTRACTORS)
def test_picture_is_drawn(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not feature_pictures.RECORDING.exists():
        lack(str(feature_pictures.RECORDING))
    monkeypatch.setattr(feature_pictures, "OUTPUT", tmp_path)
    feature_pictures.main([name])
    with Image.open(tmp_path / f"{name}.png") as drawn, Image.open(PAGES / f"{name}.png") as committed:
        assert drawn.size == committed.size, "run `make pictures`"
