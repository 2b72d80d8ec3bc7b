"""How a program ran, as its counts tell: straight pieces of code, and how often each branch was taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tinypack.profile.disassembly import Instruction

Code = Mapping[int, Instruction]
Counts = Mapping[int, int]
Way = tuple[Instruction, bool]  # a branch that leads to a place, and whether by being taken


def blocks(code: Code, counts: Counts) -> list[list[Instruction]]:
    """Give the straight pieces that were executed, each as often as its first instruction."""
    executed = [code[address] for address in sorted(counts) if counts[address] and address in code]
    targets = {one.target for one in executed if one.target is not None}
    found: list[list[Instruction]] = []
    for one in executed:
        before = found[-1][-1] if found else None
        follows = before is not None and not before.ends_block and before.after == one.address
        if before and follows and one.address not in targets and counts[before.address] == counts[one.address]:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def taken(code: Code, counts: Counts) -> dict[int, int]:
    """Say how often each branch was taken.

    A place was reached as often as all ways to it were gone; where all of these but one are known, so is that one.
    What stays open (ways that part and meet again) gets the least that is possible.
    """
    branches = [one for address, one in code.items() if counts.get(address) and one.ends_block]
    known = {one.address: counts[one.address] for one in branches if not one.conditional}
    still_open = {one.address for one in branches if one.conditional}
    ways: dict[int, list[Way]] = defaultdict(list)
    for one in branches:
        if one.target is not None and one.kind != "call":
            ways[one.target].append((one, True))
        if one.conditional or one.kind == "call":
            ways[one.after].append((one, False))
    straight = {one.after: counts.get(one.address, 0) for one in code.values() if not one.ends_block}

    def gone(way: Way) -> int:
        one, taking = way
        return known[one.address] if taking or one.kind == "call" else counts[one.address] - known[one.address]

    before = -1
    while len(known) != before:
        before = len(known)
        for place, several in ways.items():
            unknown = [way for way in several if way[0].address in still_open]
            if len(unknown) == 1 and place in counts:
                one, taking = unknown[0]
                rest = counts[place] - straight.get(place, 0) - sum(gone(way) for way in several if way != unknown[0])
                times = rest if taking else counts[one.address] - rest
                known[one.address] = min(max(times, 0), counts[one.address])
                still_open.remove(one.address)
    for address in still_open:
        known[address] = max(0, counts[address] - counts.get(code[address].after, 0))
    return known
