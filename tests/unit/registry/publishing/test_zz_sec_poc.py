from __future__ import annotations
import json, sys
from pathlib import Path
import pytest
from tests.unit.registry.publishing.test_public import *  # noqa
from tests.unit.registry.publishing.conftest import *  # noqa
from tests.unit.registry.publishing.test_public import public, _signed_again
from tests.support.registry import make_files

EVIL = {
 "inf": "1e999", "surrogate": '"\\ud800"', "deep": "["*300+"]"*300, "deep2": "["*900+"]"*900, "bigint": "9"*4000, "deep3": '{"a":'*400+"1"+"}"*400,
}
@pytest.mark.parametrize("kind", EVIL)
@pytest.mark.parametrize("where", ["ownerskey", "attkey", "why", "extra"])
def test_evil(public, kind, where):
    good = public.hand_in(public.ada, "window-guard")
    id = public.hand_in(public.eve)
    path = public.inbox / id / "statement.json"
    st = json.loads(path.read_bytes())
    if where == "ownerskey":
        k = next(iter(st["owners"]["body"]["keys"].values())); k["x"] = "@@"
    elif where == "attkey":
        st["attestations"][0]["body"]["key"] = {"x": "@@"}
    elif where == "why":
        st["owners"]["body"]["why"] = "@@"
    else:
        st["release"]["body"]["description"] = "@@"
    path.write_text(json.dumps(st).replace('"@@"', EVIL[kind]))
    v = {e.folder.id: (e.verdict, [str(p)[:200] for p in e.problems][:2]) for e in public.merge()}
    assert v[good][0] == "merged", v
    assert v[id][0] == "refused", v

REC = {
 "features_list": {"features": {"type": {"a": 1}}}, "features_num": {"features": {"type": 5, "rate": []}},
 "operators": {"operators": 5}, "operators2": {"operators": [{}, None]}, "operators3": {"operators": {"a": 1}},
 "card": {"card": [1]}, "decision": {"decision": {"x": {"y": [1]}}}, "boards": {"boards": 5}, "boards2": {"boards": [5, {}]}, "boards3": {"boards": [["a"]]},
 "quant": {"inputs": [{"shape": [1], "dtype": "int8", "scale": "x", "zero_point": []}]},
 "outs": {"outputs": [{"shape": [], "dtype": "", "quantization": 5}]}, "shape": {"inputs": [{"shape": [0,0], "dtype": "\x1b[31m"}]},
 "sur": {"description": "a\ud800"}, "sur2": {"tinypack": "\ud800"}, "sur3": {"features": {"type": "\ud800"}}, "sur4": {"outputs": [{"shape": [1], "dtype": "\ud800"}]},
 "oracle": {"oracle": 5}, "nul": {"tinypack": "a\x00\x1b[2J\n"}, "decn": {"decision": {"type": None}}, "labels": {"labels": ["\ud800"]},
}
@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("kind", REC)
def test_rec(public, kind, second, monkeypatch):
    import tinypack.registry.publishing.publish as pp
    from tinypack.registry.publishing.inbox import hand_in
    from tinypack.registry.publishing.publish import make_change
    if second:
        public.hand_in(public.eve); assert public.verdicts() == ["merged"]
    files = make_files("door-guard", "1.0.0" if not second else "2.0.0")
    name = [f for f in files if f.endswith(".json") and "attest" not in f][0]
    rec = json.loads(files.pop(name)); rec.update(REC[kind])
    att = files.pop(name[:-5]+".attestation.json")
    from tinypack.registry.publishing.candidate import make_candidate as read
    good = public.hand_in(public.ada, "window-guard")
    try:
        cand = read(json.dumps(rec).encode(), files, att, "x")
        index = Head.read(public.registry.store).index("door-guard")
        id = hand_in(public.registry.url, make_change(cand, index, False, public.eve.load("publisher"), True))
    except (TinypackError, UnicodeEncodeError) as e:
        pytest.skip(str(e)[:80])
    v = {e.folder.id: (e.verdict, [str(p)[:300] for p in e.problems][:2]) for e in public.merge()}
    assert v[good][0] == "merged", v
    print(v[id])

def test_names(public):
    good = public.hand_in(public.ada, "window-guard")
    id = public.hand_in(public.eve)
    (public.inbox / id / "a\x1b[31m\nb").write_text("x")
    import os
    with open(os.fsencode(str(public.inbox / id)) + b"/\xff", "wb") as f: f.write(b"x")
    from click.testing import CliRunner
    from tinypack.cli.registry_merge import command, _show
    found = public.merge()
    _show(found, False)
    assert [e.verdict for e in found].count("merged") == 1

def test_big_attestation(public):
    """strangers fill an index"""
    public.hand_in(public.ada); public.merge()
    from tinypack.registry.publishing.add_attestation import add_attestation
    f = make_files("door-guard", "1.0.0")
    att = json.loads(f["door-guard-1.0.0.attestation.json"])
    base = att["results"][0]
    sizes = []
    for n in range(14):
        rs = [{**base, "board": f"b{n}-{i}-" + "x"*80, "flags": "F"*1500, "compiler": "c"*390, "machine": "m"*390} for i in range(250)]
        att["results"] = rs
        add_attestation(public.registry.url, public.eve, json.dumps(att).encode(), "Ada Publisher", "publisher")
        try:
            j = public.merge()
            sizes.append([e.verdict for e in j])
            if j[0].verdict == "refused": print(str(j[0].problems[0])[:400])
        except TinypackError as e:
            print("MERGE BROKEN", n, str(e)[:300]); raise
    print(sizes)
    print(len(public.index().to_bytes()), len(json.dumps(public.index().summary())))
    public.hand_in(public.ada, version="1.0.1"); assert public.verdicts() == ["merged"]
