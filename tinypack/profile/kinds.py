"""What kind of work an instruction is: all that the tables of cores tell apart."""

from __future__ import annotations

import re
from functools import cache

CONDITIONS = "eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
_HALVES = "[bt][bt]"
_PREDICATED = "[te]?"  # what a VPT block adds to a name
_MEMORY = rf"[bhwd]{_PREDICATED}\.[su]?\d+"
#: Kind -> names as objdump writes them, without .n and .w and without the condition of an IT block; what operands tell
#: comes after a plus. The first that fits holds, so that the general kinds come last.
KINDS = {
    "nop": r"nop",
    "it": r"it[te]*",
    "branch": rf"b({CONDITIONS})?|cbn?z",
    "call": r"bl|blx",
    "jump": r"bx|bxns|blxns",
    "table_branch": r"tb[bh]",
    "loop_start": r"(dls|wls)(tp\.\d+)?",
    "loop_end": r"le(tp)?",
    "barrier": r"[di]sb|dmb",
    "divide": r"[su]div",
    "long_multiply": rf"[su]m(ul|la)l|umaal|smlal{_HALVES}|smlals?dx?|smlaldx?|smlsldx?",
    "multiply": rf"mul|muls|ml[as]|sm(ul|la){_HALVES}|sm(ul|la)w[bt]|sml[as]dx?|smu[as]dx?|smm(ul|la|ls)r?|usada?8",
    "load_double": r"ldrd|ldrexd",
    "load_multiple": r"ldm(ia|db|fd)?|pop",
    "load_narrow": r"ldrs?[bh]t?|ldrex[bh]|lda[bh]",
    "load": r"ldrt?|ldrex|lda",
    "store_double": r"strd",
    "store_multiple": r"stm(ia|db|fd)?|push",
    "store_indexed": r"str[bh]?\+indexed",
    "store": r"str[bh]?t?|strex[bh]?|stl[bh]?",
    "extend_add": r"[su]xta[bh](16)?",
    "saturate": r"[su]sat(16)?",
    "bits": r"[su]xt[bh]|[su]xtb16|clz|sel",
    "field": r"[su]bfx|bf[ic]",
    "reverse": r"rbit|rev(16|sh)?",
    "simd": r"(q|s|u|uq|sh|uh)(add|sub)(8|16)|qd?(add|sub)|(q|s|u|uq|sh|uh)(asx|sax)|pkh(bt|tb)",
    "vector_gather": rf"v(ld|st)r{_MEMORY}\+gather",
    "vector_load": rf"vldr{_MEMORY}\+vector|vld[24]\d\.\d+(\+vector)?",
    "vector_store": rf"vstr{_MEMORY}\+vector|vst[24]\d\.\d+(\+vector)?",
    "vector_control": rf"vpst[te]*|vpnot|vctp{_PREDICATED}\.\d+|bfcsel",  # objdump 2.40 takes VCTP for BFCSEL
    # Multiplications, sums over a vector and comparisons share a pipe with floating point.
    "vector_multiply": r"v(q?r?d?mul|q?r?d?ml[as]|r?ml[as]l|fm[as]|cm(ul|la)|add[lv]|cmp|pt[te]*\.)[\w.]*\+vector",
    "vector_narrow": r"v(q?movu?n|q?r?shru?n)[\w.]*\+vector",
    "vector": r"v[\w.]+\+vector",
    "float_divide": r"v(div|sqrt)\.\w+",
    "float_mac": r"v(n?ml[as]|fn?m[as])\.\w+",
    "float_multiply": r"vn?mul\.\w+",
    "float_load_double": r"vldr(\.64)?\+double",
    "float_load": r"vldr.*",
    "float_load_multiple": r"vldm\w*|vpop",
    "float_store_multiple": r"vstm\w*|vpush",
    "float_store": r"vstr.*",
    "float_move": r"vm(ov|rs|sr).*|fconst.*",
    "float": r"v.*",
    "shifted": r"\w+\+shift",
    "simple": r"(add|sub|mov|lsl|lsr|asr|ror)s?|addw|subw|movw",
    "alu": r"[\w.]+",
}
_COMPILED = {kind: re.compile(pattern) for kind, pattern in KINDS.items()}
_SHIFT = re.compile(r", (lsl|lsr|asr|ror) #\d+$|, rrx$")
_TAKES_SHIFT = re.compile(r"(add|sub|adc|sbc|rsb|and|orr|orn|eor|bic|mvn|mov|cmp|cmn|tst|teq)s?")
_INDEXED = re.compile(r"\[\w+, [a-z]")
_VECTOR = re.compile(r"\bq\d")
_GATHER = re.compile(r"\[(\w+, )?q\d")


@cache
def kind_of(name: str, operands: str) -> str:
    """Give the kind of an instruction."""
    traits = (
        ("gather", name.startswith("v") and _GATHER.search(operands)),
        ("vector", name.startswith("v") and _VECTOR.search(operands)),
        ("double", name.startswith("vldr") and operands.startswith("d")),
        ("indexed", name.startswith("str") and _INDEXED.search(operands)),
        ("shift", _TAKES_SHIFT.fullmatch(name) and _SHIFT.search(operands)),
    )
    trait = next((f"+{trait}" for trait, present in traits if present), "")
    return next(kind for kind, pattern in _COMPILED.items() if pattern.fullmatch(name + trait))
