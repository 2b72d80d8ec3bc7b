"""Rules of a CMSIS-Pack: what the public schema of pack descriptions asks of those that hold components only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.etree import ElementTree

from tinypack.formats.rules import Files, Finding, Rule
from tinypack.formats.rules.checks import SEMVER, URL, any_like, none_like

DESCRIPTION = ".pdsc"
ANY = r"(?s).*"
SOME = r"(?s).*\S.*"
NUMBERS = r"\d+\.\d+(\.\d+)?"
WORD = r"[A-Za-z0-9_-]+"
ID = r"[A-Za-z0-9][A-Za-z0-9_+()'/\-\s.]{1,31}"
VENDOR = r"[A-Za-z0-9][A-Za-z0-9-]{1,31}"  # as Cvendor, which a component takes from it
CATEGORY = "doc|header|include|library|object|source|linkerScript|utility|image|other|preInclude(Global|Local)"


@dataclass(frozen=True)
class Element:
    """What an element may hold: attributes, of which some are needed, a text, and elements with how often they come."""

    needs: Mapping[str, str] = field(default_factory=dict)  # attribute -> pattern
    may: Mapping[str, str] = field(default_factory=dict)
    text: str = r"\s*"
    inner: Mapping[str, tuple[Element, int, int]] = field(default_factory=dict)  # name -> what, least, most


MANY = 10_000
FILE = Element({"category": CATEGORY, "name": SOME}, {"attr": "config|template", "select": SOME, "condition": SOME})
COMPONENT = Element(
    {"Cclass": ID, "Cgroup": ID, "Cversion": SEMVER},
    {"Csub": ID, "Cvariant": ID, "Cvendor": VENDOR, "condition": SOME},
    inner={
        "description": (Element(text=SOME), 1, 1),
        "files": (Element(inner={"file": (FILE, 1, MANY)}), 1, 1),
    },
)
LICENSE = Element({"name": SOME, "title": SOME}, {"spdx": SOME, "url": URL})
LICENSE_SET = Element({"id": SOME}, {"default": "true|false"}, inner={"license": (LICENSE, 1, MANY)})
PACKAGE = Element(
    {"schemaVersion": NUMBERS},
    inner={
        "name": (Element(text=WORD), 1, 1),
        "vendor": (Element(text=VENDOR), 1, 1),
        "description": (Element(text=SOME), 1, 1),
        "url": (Element(text=URL), 1, 1),
        "repository": (Element({}, {"type": "git|svn|other"}, URL), 0, 1),
        "licenseSets": (Element(inner={"licenseSet": (LICENSE_SET, 1, MANY)}), 1, 1),
        "releases": (Element(inner={"release": (Element({"version": SEMVER}, text=ANY), 1, MANY)}), 1, 1),
        "keywords": (Element(inner={"keyword": (Element(text=ANY), 1, MANY)}), 0, 1),
        "taxonomy": (Element(inner={"description": (Element({"Cclass": ID}, text=SOME), 1, MANY)}), 0, 1),
        "components": (Element(inner={"component": (COMPONENT, 1, MANY)}), 1, 1),
    },
)


@dataclass(frozen=True)
class Pack:
    files: Files
    name: str  # of the description, "" if there is not exactly one at the root
    root: ElementTree.Element | None  # None if it can't be read

    @classmethod
    def of(cls, files: Files) -> Pack:
        found = [path for path in files if path.endswith(DESCRIPTION) and "/" not in path]
        if len(found) != 1:
            return cls(files, "", None)
        return cls(files, found[0], read(files[found[0]]))

    def say(self, path: str) -> str:
        """A text of the description, "" if it is absent."""
        return (self.root.findtext(path) or "") if self.root is not None else ""

    def named(self, pattern: str = ".//file") -> list[ElementTree.Element]:
        return self.root.findall(pattern) if self.root is not None else []


def read(description: bytes) -> ElementTree.Element | None:
    """Parse a description. One that declares entities is refused unread: they can grow without end."""
    try:
        return None if b"<!DOCTYPE" in description else ElementTree.fromstring(description)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def _one(pack: Pack) -> Iterator[Finding]:
    if not pack.name:
        yield f"*{DESCRIPTION}", "none, or several"


def _readable(pack: Pack) -> Iterator[Finding]:
    if pack.name and (pack.root is None or pack.root.tag != "package"):
        yield pack.name, "not read" if pack.root is None else f"<{pack.root.tag}>"


def _schema(pack: Pack) -> Iterator[Finding]:
    return _differences(pack.root, PACKAGE, pack.name) if pack.root is not None else iter(())


def _differences(element: ElementTree.Element, wanted: Element, where: str) -> Iterator[Finding]:
    """Compare an element with what it may hold, and all that it holds."""
    known = {**wanted.may, **wanted.needs}
    for key in wanted.needs.keys() - element.attrib.keys():
        yield where, f"the attribute {key} is missing"
    for key, value in element.attrib.items():
        if key not in known or not re.fullmatch(known[key], value):
            yield where, f"{key}={value!r}"
    if not re.fullmatch(wanted.text, element.text or ""):
        yield where, repr((element.text or "")[:80])
    yield from ((where, repr(child.tail[:80])) for child in element if child.tail and child.tail.strip())
    names = [child.tag for child in element]
    for name, (_, least, most) in wanted.inner.items():
        if not least <= names.count(name) <= most:
            yield where, f"<{name}> comes {names.count(name)} times"
    for child in element:
        if child.tag in wanted.inner:
            yield from _differences(child, wanted.inner[child.tag][0], f"{where}, {child.tag}")
        else:
            yield where, f"<{child.tag}>"


def _file_name(pack: Pack) -> Iterator[Finding]:
    expected = f"{pack.say('vendor')}.{pack.say('name')}{DESCRIPTION}"
    if pack.name and pack.name != expected:
        yield pack.name, f"by its contents it is {expected}"


def _present(attribute: str, pattern: str) -> Callable[[Pack], Iterator[Finding]]:
    """Files that elements name are in the pack, by plain relative paths."""

    def check(pack: Pack) -> Iterator[Finding]:
        names = (element.get(attribute, "") for element in pack.named(pattern))
        return ((pack.name, name) for name in names if name not in pack.files)

    return check


def _listed(pack: Pack) -> Iterator[Finding]:
    """Sources that are compiled are the C files of src, all and no others, each once."""
    named = [file.get("name", "") for file in pack.named() if file.get("category") == "source" and not file.get("attr")]
    present = {path for path in pack.files if path.startswith("src/") and path.endswith(".c")}
    yield from ((pack.name, name) for name in sorted(set(named) ^ present))
    yield from ((pack.name, f"{name} twice") for name in sorted({name for name in named if named.count(name) > 1}))


def _headers(pack: Pack) -> Iterator[Finding]:
    """A header's folder is searched by the compiler: only the public one's may be."""
    public = [
        file.get("name", "") for file in pack.named() if file.get("category") == "header" and not file.get("attr")
    ]
    if [str(PurePosixPath(name).parent) for name in public] != ["src"]:
        yield pack.name, f"headers {public}"


def _selected(pack: Pack) -> Iterator[Finding]:
    for file in pack.named():
        if file.get("attr") == "template" and not file.get("select"):
            yield pack.name, file.get("name", "")


def _self_test(pack: Pack) -> Iterator[Finding]:
    if not any(file.get("attr") == "template" and file.get("category") == "source" for file in pack.named()):
        yield pack.name, "no template"


def _release(pack: Pack) -> Iterator[Finding]:
    """The component has the version of the newest release."""
    newest = [release.get("version") for release in pack.named("releases/release")][:1]
    for component in pack.named("components/component"):
        if [component.get("Cversion")] != newest:
            yield pack.name, f"component {component.get('Cversion')}, release {newest}"


RULES: tuple[Rule[Pack], ...] = (
    Rule("CP001", "one description (.pdsc) lies at the root", _one),
    Rule("CP002", "the description is XML, a <package>", _readable),
    Rule("CP003", "it has what the schema wants, and nothing that it does not know", _schema),
    Rule("CP004", "it is called <vendor>.<name>.pdsc", _file_name),
    Rule("CP005", "the files of components are there", _present("name", ".//file")),
    Rule("CP006", "the licence files are there", _present("name", ".//license")),
    Rule("CP007", "it names the C files of src as sources, all and no others", _listed),
    Rule("CP008", "one public header, in src", _headers),
    Rule("CP009", "a template says what it is for", _selected),
    Rule("CP010", "there is a self-test as a template", _self_test),
    Rule("CP011", "the component has the version of the newest release", _release),
    Rule("CP012", "the pack is C: no C++", none_like(r".*\.(cpp|cc|cxx|hpp|ino)")),
    Rule("CP013", "there is a readme", any_like(r"readme\.md", "README.md")),
)
