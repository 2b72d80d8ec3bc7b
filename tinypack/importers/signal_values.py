"""What tensors between Signal operators stand for, while a chain of blocks is made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

INT32 = 2**31
MOST_LOG = 2**15 - 1


@dataclass(frozen=True)
class Computed:
    """An array of the chain."""

    name: str


@dataclass(frozen=True)
class Energy:
    """Energies of bins start..end - 1; of others 0, or whatever memory held before."""

    spectrum: str
    bins: int
    start: int
    end: int
    zeros: bool = False


@dataclass(frozen=True)
class Part:
    """Bins start..end - 1 of energies, alone."""

    energy: Energy


@dataclass(frozen=True)
class Rescaled:
    """(logs * multiplier + addend) / divisor + offset, then the limits."""

    logs: str
    length: int
    multiplier: int = 1
    addend: int = 0
    divisor: int | None = None
    offset: int = 0
    lowest: int = -INT32
    highest: int = INT32 - 1

    @property
    def limited(self) -> bool:
        return (self.lowest, self.highest) != (-INT32, INT32 - 1)

    def times(self, factor: int) -> Rescaled:
        self._in_order(self.addend == 0 and self.divisor is None)
        if factor < 1:
            raise ValueError(f"multiplication by {factor}, which is not above 0")
        return self._within(replace(self, multiplier=self.multiplier * factor))

    def plus(self, term: int) -> Rescaled:
        self._in_order(True)
        if self.divisor is None:
            return self._within(replace(self, addend=self.addend + term))
        return self._within(replace(self, offset=self.offset + term))

    def over(self, divisor: int) -> Rescaled:
        self._in_order(self.divisor is None)
        if divisor < 1:
            raise ValueError(f"division by {divisor}, which is not above 0")
        return replace(self, divisor=divisor)

    def at_most(self, limit: int) -> Rescaled:
        return replace(self, highest=min(self.highest, limit), lowest=min(self.lowest, limit))

    def at_least(self, limit: int) -> Rescaled:
        return replace(self, lowest=max(self.lowest, limit), highest=max(self.highest, limit))

    def _in_order(self, holds: bool) -> None:
        if self.limited or not holds:
            raise ValueError("another order")

    def _within(self, made: Rescaled) -> Rescaled:
        largest = abs(made.multiplier) * MOST_LOG + abs(made.addend)
        if largest >= INT32 or largest // (made.divisor or 1) + abs(made.offset) >= INT32:
            raise ValueError("numbers beyond 32 bits")
        return made


Value = Computed | Energy | Part | Rescaled
