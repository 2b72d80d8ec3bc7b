from __future__ import annotations

import pytest

from scripts.costs.fit import Measured, fit
from tinypack.costs.work import Work

ONE = {"call": 1.0}

#: True costs, and calls whose work they are applied to.
EXACT: list[tuple[Work, list[Work]]] = [
    ({"output": 12.0}, [ONE | {"output": n} for n in (3, 50, 700)]),
    ({"mac": 5.0, "output": 60.0}, [ONE | {"output": n, "mac": m} for n, m in ((3, 500), (50, 70), (9, 90), (5, 5))]),
    ({"output": 2.0, "call": 400.0}, [ONE | {"output": n} for n in (3, 50, 700)]),
    ({"level": 9.0, "call": 50.0}, [ONE | {"level": n * i, "input": n} for n, i in ((16, 4), (64, 6), (1024, 10))]),
]


def measured(costs: Work, works: list[Work], factor: float = 1.0) -> list[Measured]:
    return [Measured("k", work, factor * sum(costs[d] * work[d] for d in costs)) for work in works]


@pytest.mark.parametrize(("costs", "works"), EXACT)
def test_costs_that_explain_all_calls_are_found(costs: Work, works: list[Work]) -> None:
    found = fit(measured(costs, works))
    assert found.costs == pytest.approx(costs)
    assert found.error < 1e-9


def test_one_call_gives_one_coefficient() -> None:
    assert fit([Measured("k", {"call": 1, "output": 40}, 200)]).costs == pytest.approx({"output": 5.0})


def test_none_is_below_zero() -> None:
    calls = [Measured("k", {"call": 1, "output": n}, 10 * n - 20) for n in (10, 20, 40, 80)]
    found = fit(calls)
    assert all(cost > 0 for cost in found.costs.values())
    assert 0.01 < found.error < 0.2


def test_noise_earns_no_coefficient() -> None:
    noisy = [
        Measured("k", {"call": 1, "output": n, "input": 3 * n + n % 7}, 5 * n + n % 3) for n in (200, 301, 902, 1503)
    ]
    assert fit(noisy).costs.keys() == {"output"}
