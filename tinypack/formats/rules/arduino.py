"""Rules of an Arduino library, as arduino-lint has them for the library manager at its strict level.

The ids are arduino-lint's; those that begin with TP are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from tinypack.formats.rules import Files, Finding, Rule, text
from tinypack.formats.rules.checks import (
    SEMVER,
    URL,
    any_like,
    avoids,
    has,
    items,
    lacks,
    matches,
    none_like,
    spelt,
    there,
)

CATEGORIES = (
    "Display|Communication|Signal Input/Output|Sensors|Device Control|Timing|Data Storage|Data Processing|Other"
)
README = r"readme\.(md|markdown|mdown|mkdn|txt|rst|org|adoc|asciidoc|asc|textile|rdoc|creole|mediawiki|wiki|pod)"
LICENSE = r"((un)?licen[sc]e|copy(ing|right)|ofl|patents)(\.(md|markdown|txt|html))?"
LIBRARY_NAME = r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 _.-]*"
RELAXED_VERSION = r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){0,2}([-+].*)?"
CONSTRAINT = r"[!(]*(<=|>=|<|>|=|\^)?\d+(\.\d+){0,2}[\w.+-]*\)*"
#: PlatformIO's names for what Arduino calls avr, sam, samd, esp8266, esp32, stm32 and mbed.
ALIASES = "atmelavr|atmelmegaavr|atmelsam|espressif8266|espressif32|intel_arc32|nordicnrf52|ststm32|raspberrypi"
#: Field -> what is taken for it when it is misspelt.
OPTIONAL = {
    "depends": "depends?",
    "dot_a_linkage": "dot[-_]?a[-_]?linkages?",
    "includes": "includes?",
    "precompiled": "pre[-_]?compiled?",
    "ldflags": "ld[-_]?flags?",
}
C_FILE = (".c", ".cpp", ".h", ".hpp", ".ino", ".S")


@dataclass(frozen=True)
class Library:
    files: Files
    manifest: str
    fields: Mapping[str, str]
    stray: tuple[str, ...]  # lines of library.properties that say nothing

    @classmethod
    def of(cls, files: Files) -> Library:
        lines = [line.strip() for line in text(files, "library.properties").splitlines()]
        said = [line for line in lines if line and not line.startswith("#")]
        pairs = [line.partition("=") for line in said]
        fields = {key.strip(): value.strip() for key, equals, value in pairs if equals and key.strip()}
        stray = tuple(line for line, (key, equals, _) in zip(said, pairs, strict=True) if not (equals and key.strip()))
        return cls(files, "library.properties", fields, stray)

    @property
    def headers(self) -> list[str]:
        """Headers that lie directly in src."""
        return [path[4:] for path in self.files if re.fullmatch(r"src/[^/]+\.(h|hpp|hh)", path)]

    @property
    def sketches(self) -> list[PurePosixPath]:
        return [PurePosixPath(path) for path in self.files if path.endswith((".ino", ".pde"))]


def _source_header(library: Library) -> Iterator[Finding]:
    if not library.headers:
        yield "src", "no header"


def _one_header(library: Library) -> Iterator[Finding]:
    if len(library.headers) > 1:
        yield "src", ", ".join(library.headers)


def _named_header(library: Library) -> Iterator[Finding]:
    """Of several libraries with a header, the IDE takes the one that bears its name."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", library.fields.get("name", ""))
    if name not in (PurePosixPath(header).stem for header in library.headers):
        yield "src", f"no {name}.h"


def _format(library: Library) -> Iterator[Finding]:
    return (("library.properties", repr(line)) for line in library.stray)


def _misspelt(library: Library) -> Iterator[Finding]:
    for field in library.fields:
        if field not in OPTIONAL and any(re.fullmatch(like, field, re.IGNORECASE) for like in OPTIONAL.values()):
            yield "library.properties", field


def _repeats(library: Library) -> Iterator[Finding]:
    sentence, paragraph = library.fields.get("sentence"), library.fields.get("paragraph", "")
    if sentence and paragraph.startswith(sentence):
        yield "library.properties, paragraph", repr(paragraph)


def _includes(library: Library) -> Iterator[Finding]:
    for name in library.fields.get("includes", "").split(","):
        if name.strip() and name.strip() not in library.headers:
            yield "library.properties, includes", name.strip()


def _constraints(library: Library) -> Iterator[Finding]:
    for asked in re.findall(r"\(([^()]*)\)", library.fields.get("depends", "")):
        if not all(re.fullmatch(CONSTRAINT, part.strip()) for part in re.split(r"&&|\|\|", asked)):
            yield "library.properties, depends", repr(asked)


def _arduino_header(library: Library) -> Iterator[Finding]:
    for path in library.files:
        if path.endswith(C_FILE):
            for name in re.findall(
                r'^[ \t]*#[ \t]*include[ \t]*["<](arduino\.h)[">]', text(library.files, path), re.I | re.M
            ):
                if name != "Arduino.h":
                    yield path, name


def _stray_sketch(library: Library) -> Iterator[Finding]:
    return ((str(path), "a sketch") for path in library.sketches if path.parts[0] not in ("examples", "extras"))


def _sketch_name(library: Library) -> Iterator[Finding]:
    stems = {(path.parent, path.stem) for path in library.sketches}
    for path in library.sketches:
        if (path.parent, path.parent.name) not in stems:
            yield str(path), f"in the folder {path.parent.name}"


def _sketch_letters(library: Library) -> Iterator[Finding]:
    return ((str(p), p.name) for p in library.sketches if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", p.stem))


def _sketch_length(library: Library) -> Iterator[Finding]:
    return ((str(path), f"{len(path.stem)} characters") for path in library.sketches if len(path.stem) > 63)


def _keywords(library: Library) -> Iterator[Finding]:
    for number, line in enumerate(text(library.files, "keywords.txt").splitlines(), 1):
        if line and not re.fullmatch(r"#.*|[A-Za-z_]\w*\t(KEYWORD1|KEYWORD2|LITERAL1)", line):
            yield f"keywords.txt, line {number}", repr(line)


RULES: tuple[Rule[Library], ...] = (
    Rule("LS001", "a library has a header in src", _source_header),
    Rule("LS002", "the folder's name, which is the library's, has up to 63 characters", matches("name", r".{0,63}")),
    Rule("LS003", "the folder's name has letters, digits, `_`, `.`, `-`", matches("name", r"[A-Za-z0-9_][\w.-]*")),
    Rule("LS004", "no git submodules", none_like(r"\.gitmodules")),
    Rule("LS006", "no .development file", none_like(r"\.development")),
    Rule("LS007", "no .exe files", none_like(r".*\.exe")),
    Rule("LS008", "a header bears the library's name", _named_header),
    Rule("LS009", "the folder is called src", spelt("src", "src")),
    Rule("LS010", "beside src there is no utility folder", none_like(r"utility/.*")),
    Rule("LS011", "the folder is called extras", spelt("extras", "extra")),
    Rule("LS012", "the folder is called extras, in small letters", spelt("extras", "extras")),
    Rule("LP001", "library.properties is there", there("library.properties")),
    Rule(
        "LP002", "the file is called library.properties", spelt("library.properties", r"librar(y|ies).?propert(y|ies)")
    ),
    Rule("LP003", "the same, in small letters", spelt("library.properties", r"library\.properties")),
    Rule("LP004", "library.properties is not in src also", none_like(r"src/library\.properties")),
    Rule("LP005", "each line of library.properties is `key=value`, a comment, or empty", _format),
    Rule("LP006", "optional fields are spelt right", _misspelt),
    Rule("LP007", "there is a name", has("name")),
    Rule("LP008", "the name is not empty", matches("name", r".+")),
    Rule("LP009", "the name has up to 63 characters", matches("name", r".{0,63}")),
    Rule("LP010", "the name has up to 32 characters", matches("name", r".{0,32}")),
    Rule("LP011", "the name has a letter, and only letters, digits, `_`, `.`, `-`", matches("name", LIBRARY_NAME)),
    Rule("LP012", "the name does not start with Arduino", avoids("name", "^arduino")),
    Rule("LP014", "the name does not contain Arduino", avoids("name", ".arduino")),
    Rule("LP015", "the name has no spaces", avoids("name", " ")),
    Rule("LP016", "the name does not contain library", avoids("name", "library")),
    Rule("LP019", "there is a version", has("version")),
    Rule("LP020", "the version is made of numbers and points", matches("version", RELAXED_VERSION)),
    Rule("LP021", "the version is MAJOR.MINOR.PATCH (semver.org)", matches("version", SEMVER)),
    Rule("LP023", "there is an author", has("author")),
    Rule("LP024", "the author is not empty", matches("author", r".+")),
    Rule("LP025", "there is a maintainer", has("maintainer")),
    Rule("LP026", "the maintainer is not empty", matches("maintainer", r".+")),
    Rule("LP027", "the maintainer does not start with Arduino", avoids("maintainer", "^arduino")),
    Rule("LP057", "the maintainer does not contain Arduino", avoids("maintainer", ".arduino")),
    Rule("LP028", "the maintainer does not stand under email (LP029, LP030 likewise)", lacks("email")),
    Rule("LP031", "there is a sentence", has("sentence")),
    Rule("LP032", "the sentence is not empty", matches("sentence", r".+")),
    Rule("LP034", "there is a paragraph", has("paragraph")),
    Rule("LP036", "the paragraph does not repeat the sentence", _repeats),
    Rule("LP037", "there is a category", has("category")),
    Rule("LP038", "the category is on Arduino's list", matches("category", CATEGORIES + "|Uncategorized")),
    Rule("LP039", "the category is not Uncategorized", avoids("category", "^uncategorized$")),
    Rule("LP040", "there is a url", has("url")),
    Rule("LP056", "the url is not empty", matches("url", r".+")),
    Rule("LP041", "the url is one", matches("url", URL)),
    Rule("LP043", "there is an architectures field", has("architectures")),
    Rule("LP044", "architectures is not empty", matches("architectures", r".+")),
    Rule("LP045", "architectures have Arduino's names", items("architectures", rf"(?!({ALIASES})$).*")),
    Rule("LP046", "architectures are in small letters", items("architectures", r"[^A-Z]*")),
    Rule("LP047", "depends is a list of names", items("depends", rf"{LIBRARY_NAME}?( \(.*\))?|")),
    Rule("LP058", "the versions in depends are constraints such as >=1.0.0", _constraints),
    Rule("LP049", "dot_a_linkage is true or false", matches("dot_a_linkage", "true|false")),
    Rule("LP051", "includes is not empty", matches("includes", r".+")),
    Rule("LP052", "includes names headers in src", _includes),
    Rule("LP053", "precompiled is true, full or false", matches("precompiled", "true|full|false")),
    Rule("LP055", "ldflags has at least 3 characters", matches("ldflags", r".{3,}")),
    Rule("LC001", "the header's name is Arduino.h (SC001 likewise)", _arduino_header),
    Rule("LD001", "there is a readme", any_like(rf"((docs|\.github)/)?{README}", "README.md")),
    Rule("LD002", "there is a licence file", any_like(LICENSE, "LICENSE")),
    Rule("LD003", "sketches lie in examples or extras", _stray_sketch),
    Rule("LD004", "there is an example", any_like(r"examples/.+\.(ino|pde)", "examples")),
    Rule("LD005", "the folder is called examples", spelt("examples", r"e(x|xs|s)(am|ma)p(le|el)s?")),
    Rule("LD006", "the folder is called examples, in small letters", spelt("examples", "examples")),
    Rule("SS001", "a sketch is named as its folder", _sketch_name),
    Rule("SS002", "a sketch's name has letters, digits, `_`, `.`, `-`", _sketch_letters),
    Rule("SS003", "a sketch's name has up to 63 characters", _sketch_length),
    Rule("SS004", "no sketch ends in .pde", none_like(r".*\.pde")),
    Rule("SS005", "a sketch's source folder is called src", spelt("src", "src", under=r"examples/[^/]+/")),
    Rule("TP001", "a line of keywords.txt is a word, a tab and its kind", _keywords),
    Rule("TP002", "src has one public header", _one_header),
)

#: arduino-lint's rules for libraries that are not asked here, and why.
NOT_ASKED: dict[str, str] = {
    "LS005": "a package is made of plain files: there is no way to put a link into one",
    "LP013": "for Arduino's own libraries",
    "LP017": "needs the library manager's index",
    "LP018": "needs the library manager's index",
    "LP022": "needs a git repository",
    "LP029": "asked with LP028",
    "LP030": "asked with LP028",
    "LP033": "needs a dictionary, and is a warning at most",
    "LP035": "needs a dictionary, and is a warning at most",
    "LP042": "needs the network",
    "LP048": "needs the library manager's index",
    "LP050": "packages always have a src folder",
    "LP054": "packages always have a src folder",
    "SC001": "asked with LC001",
    "SD001": "for sketches outside libraries",
    "SD002": "for sketches outside libraries",
}
