from __future__ import annotations

import re
import time

import pytest

from tinypack.formats.archive import pack
from tinypack.registry.site.readme import MOST_CHARACTERS, find_readme, readme_html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n\n## B\n", "<h3>A</h3>\n<h4>B</h4>\n"),
        ("### A\n\n###### B\n\n# C\n", "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>\n"),
        ("<script>alert(1)</script>\n", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("a <b onclick=x>y</b>", "<p>a &lt;b onclick=x&gt;y&lt;/b&gt;</p>\n"),
        ("[a](https://example.org)", '<p><a href="https://example.org" rel="nofollow noopener ugc">a</a></p>\n'),
        ("[a](docs/b.md) [c](#d) [e](//example.org)", "<p>a c e</p>\n"),
        ("[a](file:///etc) ", "<p>[a](file:///etc)</p>\n"),
        ("![a <b>](https://example.org/x.png)", '<p><span class="picture">[picture: a &lt;b&gt;]</span></p>\n'),
        ("![](x.png)", '<p><span class="picture">[picture: without a description]</span></p>\n'),
        ("```js onload=x\na<b\n```\n", "<pre><code>a&lt;b\n</code></pre>\n"),
        ("a\u202eb\x07", "<p>a\\u202eb\\x07</p>\n"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert readme_html(text) == expected


def test_tables_can_be_scrolled_and_have_no_empty_headers() -> None:
    html = readme_html("| a | |\n|---|---|\n| 1 | 2 |\n")
    assert html.startswith('<div class="scroll" role="group" tabindex="0" aria-label="Table"><table>')
    assert re.findall(r"<t[hd]>[^<]*</t[hd]>", html) == ["<th>a</th>", "<td></td>", "<td>1</td>", "<td>2</td>"]
    assert html.endswith("</table>\n</div>")


SCHEMES = (
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>",
    "vbscript:",
)
REPEATED = ("[", "*a ", "> ", "`", "[a](<b", "![[]()", "- ", "|a", "<", "a\n=\n", "[a]: b\n", "\\")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("form", ["[a]({})", "![a]({})", "<{}>", "[a][b]\n\n[b]: {}", "[![a]({0})]({0})"])
def test_nothing_is_loaded_or_run(scheme: str, form: str) -> None:
    html = readme_html(form.format(scheme))
    assert not re.search(r"<(?!/?(p|span|a|em|code)\b)", html)
    assert "href" not in html and "src" not in html


@pytest.mark.parametrize(
    "text", ["[", "*a ", "> ", "`", "[a](<b", "![[]()", "- ", "|a", "<", "a\n=\n", "[a]: b\n", "\\"]
)
def test_hostile_text_takes_little_time(text: str) -> None:
    start = time.process_time()
    html = readme_html(text * (2 * MOST_CHARACTERS // len(text)))
    assert time.process_time() - start < 5
    assert len(html) < 40 * MOST_CHARACTERS


def test_long_ones_are_cut() -> None:
    html = readme_html("word\n" * MOST_CHARACTERS)
    assert "The rest of this README is left out." in html


def test_it_is_found_in_archives() -> None:
    files = {"kws/src/README.md": b"inner", "kws/README.md": b"outer \xff"}
    assert find_readme(pack("kws.zip", files), "kws.zip") == "outer \ufffd"
    assert find_readme(pack("kws.zip", {"a": b""}), "kws.zip") == ""
    assert find_readme(b"damaged", "kws.zip") == ""
