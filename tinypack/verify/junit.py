"""The results as JUnit's XML, which CI servers show: a suite a package, a case a format and board."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from tinypack.verify.report import Attestation, Result, count, printable

#: Status -> the element that says why a case did not pass, and what its schema demands.
ELEMENTS = {"failed": ("failure", {"type": "failed"}), "compiled": ("skipped", {}), "not-run": ("skipped", {})}


def junit_xml(attestations: Sequence[Attestation]) -> str:
    """Write a JUnit report, as the schemas of Jenkins and Surefire have it."""
    root = ET.Element("testsuites", name="tinypack verify")
    for attestation in attestations:
        results = attestation.results
        found = count(results)
        suite = ET.SubElement(root, "testsuite", name=attestation.title, tests=str(len(results)), errors="0")
        suite.set("failures", str(found["failed"]))
        suite.set("skipped", str(found["compiled"] + found["not-run"]))
        suite.set("time", _seconds(results))
        for result in results:
            _add_case(suite, result)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_case(suite: ET.Element, result: Result) -> None:
    name = f"{result.format} on {result.board}"
    case = ET.SubElement(suite, "testcase", classname=result.package, name=name, time=_seconds([result]))
    if result.status not in ELEMENTS:
        return
    tag, attributes = ELEMENTS[result.status]
    reason = printable(result.reason)
    said = ET.SubElement(case, tag, {"message": reason.partition("\n")[0], **attributes})
    node = printable(result.first_differing_node)
    said.text = f"first differing node: {node}\n{reason}" if node else reason


def _seconds(results: Sequence[Result]) -> str:
    return f"{sum(result.seconds for result in results):.3f}"
