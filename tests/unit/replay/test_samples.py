from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.replay.projects import PROJECTS
from tinypack.errors import TinypackError
from tinypack.replay.run import replay
from tinypack.replay.samples import Part, parts_of


def test_recordings_follow_each_other(tmp_path: Path) -> None:
    paths = PROJECTS["audio"].write(tmp_path)
    assert parts_of(paths, None) == (Part("tone.wav", 0), Part("noise.wav", 16000))


@pytest.mark.parametrize(("rows", "fails"), [(19, True), (20, False)])
def test_a_recording_gives_at_least_one_result(rows: int, fails: bool, tmp_path: Path) -> None:
    PROJECTS["imu"].write(tmp_path)
    path = tmp_path / "short.csv"
    path.write_text("# rate: 100\n" + "0.5,0.25,1.0\n" * rows)
    if fails:
        with pytest.raises(TinypackError, match=r"sees at once: 0\.2 s\n  found: 0\.19 s"):
            replay(tmp_path, [path])
    else:
        assert len(replay(tmp_path, [path]).timeline.rows) == 1
