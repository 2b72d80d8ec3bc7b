"""Faults put into the kernels of a finished archive, for tests that must see them found."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from tinypack.formats.archive import pack
from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact

#: The one statement of a kernel that writes its output (docs/architecture.md).
ASSIGNMENT = re.compile(r"^ *((?:\*output\+\+|(?:output|row|to)\[\w+\]) = [^;]+;)$", re.MULTILINE)
DEFINITION = """
/* Flips the lowest bit of the outputs that are chosen; `written` counts them from the start of the program. */
static void tamper(void *at) {{
  static unsigned long written;
  if ({choose}) {{
    *(unsigned char *)at ^= 1u;
  }}
  written++;
}}
"""


def tamper(source: str, choose: str) -> str:
    """Change a kernel's source so that it gives wrong outputs: `choose` is a C condition on `written`."""
    statements = ASSIGNMENT.findall(source)
    assert len(statements) == 1, f"a kernel writes its output in one place, not in {len(statements)}: {statements}"
    target = statements[0].partition(" = ")[0].replace("++", "")
    changed = f"{{ void *at = &{target}; {statements[0]} tamper(at); }}"
    includes, end, code = source.rpartition('.h"\n')
    return includes + end + DEFINITION.format(choose=choose) + code.replace(statements[0], changed)


def with_fault(artifact: Artifact, kernel: str, choose: str) -> Artifact:
    """Give the archive with a fault in one kernel."""
    files = read_archive(artifact.data, artifact.filename)
    (path,) = (path for path in files if path.endswith(f"_tp_{kernel}.c"))
    files[path] = tamper(files[path].decode(), choose).encode()
    data = pack(artifact.filename, files)
    return replace(artifact, data=data, sha256=hashlib.sha256(data).hexdigest())
