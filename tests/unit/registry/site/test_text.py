from __future__ import annotations

import pytest
from markupsafe import Markup

from tinypack.registry.entries import File
from tinypack.registry.paths import archive_path, attestation_path
from tinypack.registry.site.text import attestation_link, counted, file_link, jinja, number, shown, size, web_url

HASH = "ab" * 32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ünïcode 日本 שלום", "plain ünïcode 日本 שלום"),
        ("bell\x07 null\x00", r"bell\x07 null\x00"),
        ("gpj\u202eexe", r"gpj\u202eexe"),
        ("wa\u200bke \u2066a\u2069 \ufeff", r"wa\u200bke \u2066a\u2069 \ufeff"),
        ("\ud800", r"\xd800"),
    ],
)
def test_invisible_letters_are_written_out(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org:80", "https://[::1]/a"])
def test_links_lead_to_the_web(url: str) -> None:
    assert web_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,a",
        "file:///etc/passwd",
        "//example.org",
        "docs/a.md",
        "https:",
        "https://user:word@example.org",
        "https://example.org/\u202e",
        'https://example.org/"onclick',
        "https://[::1",
        " https://example.org",
        "https://exa\nmple.org",
        "https://example.org\\@example.com",
    ],
)
def test_no_link_leads_elsewhere(url: str) -> None:
    assert web_url(url) == ""


@pytest.mark.parametrize(
    "path",
    [
        "javascript:alert(1)/kws.zip",
        "https://example.org/kws.zip",
        "../../kws.zip",
        archive_path("other", "1.0.0", HASH, "kws.zip"),
        archive_path("kws", "1.0.0", HASH, 'kws".zip'),
        archive_path("kws", "1.0.0", HASH, ".."),
    ],
)
def test_files_are_linked_only_where_they_belong(path: str) -> None:
    good = archive_path("kws", "1.0.0", HASH, "kws.zip")
    assert file_link("kws", "1.0.0", File(path=good, size=1, sha256=HASH)) == good
    assert file_link("kws", "1.0.0", File(path=path, size=1, sha256=HASH)) == ""
    assert attestation_link("kws", "1.0.0", File(path=path, size=1, sha256=HASH)) == ""
    said = attestation_path("kws", "1.0.0", HASH)
    assert attestation_link("kws", "1.0.0", File(path=said, size=1, sha256=HASH)) == said


def test_pages_escape_all_but_markup() -> None:
    page = jinja().from_string("{{ a }}{{ b }}{{ a | upper }}")
    assert page.render(a="<b>\x07", b=Markup("<i>")) == r"&lt;b&gt;\x07<i>&lt;B&gt;\x07"


def test_figures() -> None:
    assert [size(value) for value in (0, 999, 1000, 9949, 116_414, 999_600, 1 << 40)] == [
        "0 bytes",
        "999 bytes",
        "1.0 KB",
        "9.9 KB",
        "116 KB",
        "1.0 MB",
        "1100 GB",
    ]
    assert [number(None), number(1_234_567)] == ["–", "1,234,567"]
    assert [counted([], "file"), counted(["a"], "file")] == ["0 files", "1 file"]
