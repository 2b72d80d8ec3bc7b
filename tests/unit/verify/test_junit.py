from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from tinypack.verify.junit import junit_xml
from tinypack.verify.report import Attestation


def test_a_suite_a_package_and_a_case_a_format_and_board(attestations: Sequence[Attestation]) -> None:
    root = ET.fromstring(junit_xml(attestations))
    assert root.tag == "testsuites"
    assert [suite.attrib for suite in root] == [
        {"name": "one 0.1.0", "tests": "4", "failures": "0", "errors": "0", "skipped": "1", "time": "4.500"},
        {"name": "two 0.1.0", "tests": "4", "failures": "1", "errors": "0", "skipped": "1", "time": "4.500"},
    ]
    names = ["cmake on native", "cmake on m4", "zephyr on native", "zephyr on m4"]
    for suite, package in zip(root, ("one", "two"), strict=True):
        assert [case.attrib["name"] for case in suite] == names
        assert {(case.tag, case.attrib["classname"]) for case in suite} == {("testcase", package)}
        assert [case.attrib["time"] for case in suite] == ["1.500", "1.500", "0.000", "1.500"]


def test_what_did_not_pass_says_why(attestations: Sequence[Attestation]) -> None:
    cases = ET.fromstring(junit_xml(attestations))[1]
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"], []]
    failure, skipped = cases[1][0], cases[2][0]
    assert failure.attrib == {"message": "1 difference", "type": "failed"}
    node = 'node 3 ADD "a<b>&\\x07"'
    assert failure.text == f"first differing node: {node}\n1 difference\nin {node} ]]>"
    assert skipped.attrib == {"message": r"no <workspace> & \x1b"}


def test_what_was_only_compiled_is_skipped(attestations: Sequence[Attestation]) -> None:
    one = attestations[0]
    results = [replace(one.results[0], status="compiled", reason="compiled, not run"), one.results[2]]
    suite = ET.fromstring(junit_xml([Attestation(one.record, results, one.path)]))[0]
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("0", "2")
    assert suite[0][0].attrib == {"message": "compiled, not run"}


def test_nothing_is_still_a_report() -> None:
    assert len(ET.fromstring(junit_xml([]))) == 0
