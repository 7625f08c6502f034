"""Graphs as text, golden: symbols as they were written, compiled functions as they are computed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symdiff.errors import ArgumentError, ExpressionError, ShapeError
from symdiff.symbolic import (
    Lop,
    Rop,
    clone,
    debugprint,
    function,
    grad,
    hessian,
    ifelse,
    jacobian,
    matrix,
    pp,
    scalar,
    scan,
    set_subtensor,
    shared,
    switch,
    vector,
)

x, y, z = scalar("x"), scalar("y"), scalar("z")
v, A = vector("v"), matrix("A")
w = shared(np.ones(3), name="w")

WRITTEN: list[tuple[Any, str]] = [
    (x + y, "(x + y)"),
    (x - 2, "(x - 2)"),
    (2 / x, "(2 / x)"),
    (-x * y**2.5, "((-x) * (y ** 2.5))"),
    (x // y % 3, "((x // y) % 3)"),
    (abs(x), "abs(x)"),
    (~(x < y) & (x != 0), "((~(x < y)) & (x != 0))"),
    (np.exp(-x), "exp((-x))"),
    (np.logaddexp(x, y), "logaddexp(x, y)"),
    (A @ v, "(A @ v)"),
    (np.dot(A, w), "dot(A, w)"),
    (A.T, "A.T"),
    (A.sum(axis=0), "sum(A, axis=0)"),
    (np.mean(A, axis=1, keepdims=True), "mean(A, axis=1, keepdims=True)"),
    (np.add.reduce(v), "add.reduce(v)"),
    (v[0], "v[0]"),
    (A[1:, None, ::2], "A[1:, None, ::2]"),
    (A[..., 0], "A[..., 0]"),
    (A[x.shape], "A[x.shape]"),
    (np.where(x > 0, x, 0.0), "where((x > 0), x, 0.0)"),
    (switch(x > 0, x, 0.0), "where((x > 0), x, 0.0)"),
    (ifelse(x > 0, x, y), "ifelse((x > 0), x, y)"),
    (np.concatenate([v, w]), "concatenate([v, w])"),
    (v + np.array([1.0, 2.0]), "(v + [1.0, 2.0])"),
    (v + np.zeros(100), "(v + <array of shape (100,)>)"),
    (np.float64(0.5) * x, "(0.5 * x)"),
    (set_subtensor(v[0], x), "set_subtensor(v, 0, x)"),
    (grad(x**2, x), "grad((x ** 2), x)"),
    (jacobian(v**2, v), "jacobian((v ** 2), v)"),
    (hessian((v**2).sum(), v), "hessian(sum((v ** 2)), v)"),
    (Lop(v**2, v, w), "Lop((v ** 2), v, w)"),
    (Rop(v**2, v, w), "Rop((v ** 2), v, w)"),
    (clone(x + y, {x: y * 2}), "((y * 2) + y)"),
    (scan(lambda state: state * x, outputs_info=y, n_steps=3)[0], "scan((state_0 * x), state_0=y, n_steps=3)"),
    (scalar(), "<scalar>"),
    (matrix() + 1, "(<matrix> + 1)"),
]


@pytest.mark.parametrize(("symbol", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_what_was_written(symbol: Any, text: str) -> None:
    assert pp(symbol) == text


COMPUTED: list[tuple[Any, str]] = [
    (x * y / y, "x"),
    (np.negative(-x), "x"),
    (x / x, "1.0"),
    (np.exp(np.log(x)), "x"),
    (np.log(np.exp(x)), "x"),
    (np.log(1 + np.exp(x)), "softplus(x)"),
    (1 / (1 + np.exp(-x)), "sigmoid(x)"),
    (grad(x**2, x), "(2.0 * x)"),
    (grad(np.log(1 + np.exp(x)), x), "sigmoid(x)"),
    (grad(grad(x**3, x), x), "(6.0 * x)"),
    (x + y - y, "((x + y) - y)"),  # in floating point another number
    (np.log(np.maximum(x, y)), "log(maximum(x, y))"),
    (np.where(x > y, x, y), "where((x > y), x, y)"),
]


@pytest.mark.parametrize(("symbol", "text"), COMPUTED, ids=[pp(symbol) for symbol, _ in COMPUTED])
def test_what_is_computed(symbol: Any, text: str) -> None:
    assert pp(function([x, y], symbol, on_unused_input="ignore")) == text


def test_a_square_is_factored_where_asked() -> None:
    square = x**2 + y**2 + 2 * x * y
    assert pp(function([x, y], square, simplify="full")) == "((x + y) * (x + y))"


def test_outputs_and_updates() -> None:
    state = shared(0.0, name="state")
    f = function([x], [x + 1, state], updates=[(state, state + x)])
    assert pp(f) == "[(x + 1.0), state, state <- (state + x)]"


def test_a_variable_has_the_name_that_it_is_bound_to() -> None:
    rate = scalar()
    assert pp(rate * 2) == "(rate * 2)"
    assert pp(scalar("k") * rate) == "(k * rate)"


def test_arrays_need_their_lengths() -> None:
    f = function([v], np.exp(v).sum())
    with pytest.raises(ShapeError, match="the lengths of v are not known yet"):
        pp(f)
    f([1.0, 2.0])
    assert pp(f) == "sum(exp(v))"
    assert pp(function([s := vector("s", shape=(3,))], s * 2)) == "(2.0 * s)"


def doubled() -> Any:
    s = x + y
    t = s * s
    return t * np.exp(t)


TREE = """\
* [A]
 |* [B] 't'
 | |+ [C] 's'
 | | |x [D]
 | | |y [E]
 | |+ [C] shown above
 |exp [F]
 | |* [B] shown above"""

COMPUTED_TREE = """\
multiply [A]
 |multiply [B]
 | |add [C]
 | | |x [D]
 | | |y [E]
 | |add [C] shown above
 |exp [F]
 | |multiply [B] shown above"""


def test_the_tree(capsys: pytest.CaptureFixture[str]) -> None:
    assert debugprint(doubled(), file="str") == TREE
    assert debugprint(function([x, y], doubled()), file="str") == COMPUTED_TREE
    debugprint(doubled())
    assert capsys.readouterr().out == TREE + "\n"


DERIVATIVE_TREE = """\
part 0 [A] 'slope'
 |grad [B] 'slope'
 | |* [C]
 | | |sum [D]
 | | | |@ [E]
 | | | | |A [F]
 | | | | |w [G]
 | | |1.0
 | |w [G]"""


def test_the_tree_of_parts_and_constants() -> None:
    slope = grad((A @ w).sum() * np.ones(2)[0], w)
    assert debugprint(slope, file="str") == DERIVATIVE_TREE


def test_long_expressions_are_refused_on_one_line_and_shown_as_a_tree() -> None:
    power = x
    for _ in range(40):
        power = power * power + power
    for show in (pp, lambda symbol: pp(function([x], symbol, simplify="none"))):
        with pytest.raises(ExpressionError):
            show(power)
    assert len(str(debugprint(power, file="str")).splitlines()) < 200


@pytest.mark.parametrize("show", [pp, debugprint])
def test_only_graphs_are_shown(show: Callable[[Any], Any]) -> None:
    with pytest.raises(ArgumentError):
        show(3.0)
