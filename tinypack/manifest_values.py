"""The values of tinypack.toml: what each may be, as validators and as the schema tells editors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import semver
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, Field

from tinypack.boards import board, load_boards
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS, find_format
from tinypack.names import PATTERN, name_from_file, name_problem
from tinypack.options import broken
from tinypack.package import NO_LICENSE

VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?"
LICENSE = r"[A-Za-z0-9.+:() -]+"
URL = r"https?://[^\s\"<>]+"
KEYWORD = r"[a-z0-9+_. -]{1,50}"


def _name(value: str) -> str:
    problem = name_problem(value)
    if problem:
        code, rule = problem
        raise broken(rule, f'"{name_from_file(value)}" would do', code)
    return value


def _version(value: str) -> str:
    if not semver.Version.is_valid(value) or "+" in value:
        raise broken("a version is MAJOR.MINOR.PATCH (semver.org), without build metadata")
    return value


def _license(value: str) -> str:
    if value == NO_LICENSE:
        return value
    try:
        return str(canonicalize_license_expression(value))
    except InvalidLicenseExpression:
        raise broken("a licence is an SPDX expression, such as Apache-2.0 (spdx.org/licenses)") from None


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise broken("the text must be one line without control characters")
    return value


def _visible(value: str) -> str:
    if not value.strip():
        raise broken("the text must say something")
    return _one_line(value)


def _inside(value: str) -> str:
    if Path(value).is_absolute() or ".." in Path(value).parts:
        raise broken("the file must lie in the project's folder", "copy it beside tinypack.toml")
    return value


def _url(value: str) -> str:
    if value and not re.fullmatch(URL, value):
        raise broken("a repository is an http or https URL")
    return value


def _keyword(value: str) -> str:
    if not re.fullmatch(KEYWORD, value):
        raise broken("a keyword has 1 to 50 of a-z, 0-9, blanks, +, _, . and -")
    return value


def _known(find: Callable[[str], object]) -> AfterValidator:
    """Make a validator of a function that finds things by their names."""

    def check(value: str) -> str:
        try:
            find(value)
        except TinypackError as error:
            (problem,) = error.problems
            raise broken(problem.rule, problem.hint, problem.code) from None
        return value

    return AfterValidator(check)


def _like(pattern: str) -> Any:
    """Tell editors, by the schema, what a text looks like; validators say more."""
    return Field(json_schema_extra={"pattern": f"^({pattern})$"})


def _one_of(names: Callable[[], Iterable[str]]) -> Any:
    """Tell editors which texts there are."""
    return Field(json_schema_extra=lambda schema: schema.update(enum=list(names())))


Line = Annotated[str, AfterValidator(_one_line)]
Text = Annotated[str, AfterValidator(_visible)]
Label = Annotated[Line, Field(max_length=80)]
FileName = Annotated[Text, AfterValidator(_inside)]
Name = Annotated[str, AfterValidator(_name), _like(PATTERN.pattern)]
Version = Annotated[str, AfterValidator(_version), _like(VERSION)]
License = Annotated[str, AfterValidator(_license), _like(LICENSE)]
Url = Annotated[str, AfterValidator(_url), _like(f"({URL})?")]
Keyword = Annotated[str, AfterValidator(_keyword), _like(KEYWORD)]
FormatName = Annotated[str, _known(find_format), _one_of(lambda: FORMATS)]
BoardName = Annotated[str, _known(board), _one_of(load_boards)]
