"""Every row in every backend at orders 0 to 3 against mpmath, and the page that says so."""

import numpy as np
import pytest

from symdiff.ops import elementary
from symdiff.ops.row import Op, row
from tests.ops import accuracy

ROWS = accuracy.measured_rows()
OWN = [op for op in ROWS if not op.numpy.modules]
SCIPY = [op for op in ROWS if op.numpy.modules]


@pytest.mark.parametrize("backend", accuracy.BACKENDS)
@pytest.mark.parametrize("op", OWN, ids=lambda op: op.name)
def test_row(op: Op, backend: str) -> None:
    sample = accuracy.points(op, 5, seed=1)
    for total in range(4):
        for orders in accuracy.orders_of(op, total):
            assert accuracy.worst_error(op, orders, backend, sample) <= accuracy.LIMIT, orders


@pytest.mark.parametrize("op", SCIPY, ids=lambda op: op.name)
def test_scipy_row(op: Op) -> None:
    pytest.importorskip("scipy")
    sample = accuracy.points(op, 1, seed=1)
    for total in range(4):
        limit = accuracy.LIMIT * (8 if total == 3 else 1)  # SciPy's own errors grow with every order
        for orders in accuracy.orders_of(op, total):
            for backend in ("numpy", "math"):
                assert accuracy.worst_error(op, orders, backend, sample) <= limit, (orders, backend)


def test_a_cancelling_rule_is_found_out() -> None:
    unstable = row(
        "unstable_tanh",
        lambda out, x: 1.0 - out * out,
        rule="the textbook's",
        numpy="tanh",
        math="tanh",
        numexpr="tanh",
        mpmath="tanh",
        domain=((-9.0, 9.0),),
    )
    sample = accuracy.points(unstable, 20)
    assert accuracy.worst_error(unstable, (1,), "math", sample) > 1e4
    assert accuracy.worst_error(elementary.tanh, (1,), "math", sample) < 8


def test_the_unit() -> None:
    assert accuracy.ulp_error(1.0 + 2**-52, 1.0) == 1.0
    assert accuracy.ulp_error(np.nan, 1.0) == np.inf
    with accuracy.mpmath.workdps(30):
        assert accuracy.condition(elementary.power, (0, 0), (2.0, 3.0)) == pytest.approx(3 + 3 * np.log(2.0))


def test_the_page_has_every_row_and_no_entry_above_the_limit() -> None:
    lines = accuracy.committed_lines()
    del lines["operation"]
    table = {name: [float(figure) for figure in line.split("|")[3:-1]] for name, line in lines.items()}
    assert set(table) == {op.name for op in ROWS}
    for name, figures in table.items():
        assert len(figures) == 9, name
        assert max(figures) <= accuracy.LIMIT, name
