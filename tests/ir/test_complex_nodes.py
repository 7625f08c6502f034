"""Complex nodes: dtypes, what is promoted, which identities hold, and that none of the real ones fires on them."""

import math
from typing import Any

import mpmath
import numpy as np
import pytest

from symdiff.algebra.passes import simplify
from symdiff.emit.ulp import error_in_ulp
from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.evaluate import evaluate, evaluate_mpmath
from symdiff.ir.nodes import Input, Map, Node
from symdiff.ir.program import Parameter, Program
from symdiff.ops import complex_rows as c
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.row import Op

Z, W = Input("z", (), "complex"), Input("w", (), "complex")
X = Input("x")
PLACES = {"z": 0.7 - 1.3j, "w": -0.4 + 0.2j, "x": -0.6}


def program(*outputs: Node) -> Program:
    assert len(outputs) == 1
    return check(Program("f", (Parameter("z"), Parameter("w"), Parameter("x")), (Z, W, X), outputs))


def test_dtypes() -> None:
    assert (e.exp(Z).dtype, (Z * X).dtype, p.absolute(Z).dtype, p.equal(Z, X).dtype) == (
        *("complex", "complex", "real"),
        "bool",
    )
    assert make.select(p.less(X, 0.0), Z, X).dtype == "complex"
    assert make.stack([X, Z]).dtype == "complex"
    assert make.constant(np.array([1j, 0.0])).dtype == make.constant(1j).dtype == "complex"


@pytest.mark.parametrize("op", [p.less, p.maximum, p.floor, p.sign, e.atan2, e.hypot], ids=lambda op: op.name)
def test_what_has_no_meaning_is_refused(op: Op) -> None:
    with pytest.raises(UnsupportedError, match="of complex numbers is not defined"):
        op(*(Z, X)[: op.arity])


def test_identities_that_hold() -> None:
    assert Z + 0.0 is Z
    assert Z * 1.0 is Z
    assert e.negative(e.negative(Z)) is Z
    assert c.conj(c.conj(Z)) is Z
    assert c.real(as_complex(X)) is X
    assert c.real(X + 1j * e.exp(X)) is X
    assert c.imag(X + 1j * e.exp(X)) is e.exp(X)
    assert c.real(Z * X) is X * c.real(Z)
    assert c.real(1j * Z) is -c.imag(Z)
    assert p.absolute(Z) * p.absolute(Z) is c.squared_size(Z)
    assert c.conj(X * Z) is X * c.conj(Z)
    assert p.absolute(as_complex(X)) is p.absolute(X)


def test_a_result_stays_complex() -> None:
    """√(x + 0i) is imaginary where √x is not defined."""
    for node in (X + 0j, (1 + 0j) * X, Z - Z + X, make.select(p.less(X, 9.0), X, Z), 1j * (1j * X)):
        assert node.dtype == "complex"
    assert evaluate(program(e.sqrt(X + 0j)), **PLACES) == pytest.approx(1j * math.sqrt(0.6))


# Each is right for real numbers and wrong for complex ones.
REAL_ONLY = {
    "sqrt(z²) is |z|": e.sqrt(Z * Z),
    "log(eᶻ) is z": e.log(e.exp(5.0 * Z)),
    "√(z² + w²) is a length": e.sqrt(Z * Z + W * W),
    "log(1 + eᶻ) has a stable form": e.log(1.0 + e.exp(9.0 * Z)),
    "powers of powers": (Z * Z) ** 0.5,
    "powers of products": e.power(Z * W, 1.5),
    "1 - cos": 1.0 - e.cos(Z),
    "tanh by exponentials": (e.exp(Z) - e.exp(-Z)) / (e.exp(Z) + e.exp(-Z)),
    "conj is no identity": c.conj(Z) * Z,
    "|z| is even": p.absolute(Z - W),
}


@pytest.mark.parametrize("name", REAL_ONLY)
@pytest.mark.parametrize("level", ["fast", "full"])
def test_simplification_keeps_the_value(name: str, level: Any) -> None:
    raw = program(REAL_ONLY[name])
    for sign in (1.0, -1.0):
        places = {name: sign * value for name, value in PLACES.items()}
        found = evaluate(check(simplify(raw, level)), **places)
        assert found == pytest.approx(complex(evaluate_mpmath(raw, **places)), rel=1e-13)


@pytest.mark.parametrize("name", [name for name, op in c.COMPLEX_ROWS.items() if op.result != "bool"])
def test_row_against_mpmath(name: str) -> None:
    """Evaluated in double precision, a few ULP of the absolute value; and its partials against a difference."""
    op = c.COMPLEX_ROWS[name]
    generator = np.random.default_rng(5)
    for _ in range(20):
        args = generator.normal(size=op.arity) + 1j * generator.normal(size=op.arity)
        given = [float(a.real) for a in args] if op is c.as_complex else [complex(a) for a in args]
        exact = op.in_mpmath(mpmath, *map(mpmath.mpmathify, given))
        assert error_in_ulp(op.evaluate(*given), exact) < 64.0
        for position in range(op.arity):
            if op in (c.conj, c.as_complex):
                continue
            partial = op.partials[position]
            assert partial is not None
            slope = partial(op.evaluate(*given), *given)
            for unit in (1.0, 1j):
                moved = [[a + s * 1e-6 * unit * (at == position) for at, a in enumerate(given)] for s in (1, -1)]
                difference = (op.evaluate(*moved[0]) - op.evaluate(*moved[1])) / 2e-6
                expected = slope * unit if op.result == "complex" else np.real(slope * unit)
                assert difference == pytest.approx(complex(expected), rel=1e-6, abs=1e-6)


def test_log1p_near_zero() -> None:
    """NumPy's own has lost eight of its digits here."""
    z = 1e-9 - 2e-9j
    exact = mpmath.log1p(mpmath.mpc(z))
    assert error_in_ulp(c.log1p.evaluate(z), exact) < 4.0
    assert error_in_ulp(np.log1p(z), exact) > 1e6


def test_mixed_arguments_of_arithmetic_are_not_promoted() -> None:
    node = as_complex(X) * Z
    assert isinstance(node, Map)
    assert {arg.dtype for arg in node.args} == {"real", "complex"}
