"""Nodes: interned, shaped, simplified only where that keeps the value."""

import gc
import math
import sys
import threading
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Const, Input, Map, Node, Select
from symdiff.ir.program import Parameter, Program
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p

X, Y = Input("x"), Input("y")


def program(node: Node, *inputs: Input) -> Program:
    return check(Program("f", tuple(Parameter(i.name) for i in inputs), inputs, (node,)))


def test_equal_nodes_are_one_node() -> None:
    assert e.sin(X) * Y is e.sin(X) * Y
    assert X + Y is not Y + X
    assert make.constant(0.0) is not make.constant(-0.0)
    assert make.constant(True) is not make.constant(1.0)
    assert make.constant(math.nan) is make.constant(-math.nan)
    assert make.constant(np.array([1.0, 2.0])) is make.constant(np.array([1.0, 2.0]))


def test_inputs_are_never_shared() -> None:
    assert Input("x") + 1.0 is not X + 1.0


def test_nodes_nobody_needs_are_forgotten() -> None:
    from symdiff.ir import interning

    gc.collect()
    before = len(interning._interned)
    value: Node = Input("t")
    for _ in range(1000):
        value = e.sin(value)
    assert len(interning._interned) >= before + 1000
    del value
    gc.collect()
    assert len(interning._interned) <= before


def test_nodes_that_die_on_a_full_stack_are_forgotten_later() -> None:
    """Python does not call the callback of a weak reference where the stack has no room for it."""
    from symdiff.ir import interning

    def dropped_at(depth: int, held: list[Node]) -> None:
        if depth:
            dropped_at(depth - 1, held)
        held.clear()

    gc.collect()
    before = len(interning._interned)
    with suppress(RecursionError):
        for depth in range(sys.getrecursionlimit()):
            dropped_at(depth, [e.sin(Input("t"))])
    alive = [e.sin(Input("t")) for _ in range(interning._Sweep.entries)]
    del alive
    assert len(interning._interned) <= before


def test_threads_agree_on_a_node() -> None:
    found: list[Node] = []
    start = threading.Barrier(8)

    def build() -> None:
        start.wait()
        value: Node = X
        for step in range(200):
            value = e.cos(value) * Y + float(step)
        found.append(value)

    threads = [threading.Thread(target=build) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


numbers = st.floats(-8, 8).map(lambda v: round(v * 4) / 4)
expressions = st.recursive(
    st.one_of(st.just("x"), st.just("y"), numbers),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.tuples(st.just("neg"), inner),
        st.tuples(st.just("**"), inner, st.sampled_from([0, 1, 2, 3, -1, 0.5])),
        st.tuples(st.just("if"), inner, inner, inner),
    ),
    max_leaves=12,
)


def as_node(tree: object) -> object:
    match tree:
        case "x":
            return X
        case "y":
            return Y
        case ("+", a, b):
            return e.add(as_node(a), as_node(b))
        case ("-", a, b):
            return e.subtract(as_node(a), as_node(b))
        case ("*", a, b):
            return e.multiply(as_node(a), as_node(b))
        case ("/", a, b):
            return e.divide(as_node(a), as_node(b))
        case ("neg", a):
            return e.negative(as_node(a))
        case ("**", a, b):
            return e.power(as_node(a), b)
        case ("if", c, a, b):
            return p.where(p.greater(as_node(c), 0.5), as_node(a), as_node(b))
    return make.constant(tree)


class NoNumberError(Exception):
    """Somewhere on the way stands infinity or nan, or a choice that rounding decides."""


def as_value(tree: object, x: np.float64, y: np.float64) -> np.float64:
    """Plain arithmetic on finite numbers. Raises NoNumberError."""
    found = _value(tree, x, y)
    if not np.isfinite(found):
        raise NoNumberError
    return found


def _value(tree: object, x: np.float64, y: np.float64) -> np.float64:
    match tree:
        case "x":
            return x
        case "y":
            return y
        case ("+", a, b):
            return as_value(a, x, y) + as_value(b, x, y)
        case ("-", a, b):
            return as_value(a, x, y) - as_value(b, x, y)
        case ("*", a, b):
            return as_value(a, x, y) * as_value(b, x, y)
        case ("/", a, b):
            return as_value(a, x, y) / as_value(b, x, y)
        case ("neg", a):
            return -as_value(a, x, y)
        case ("**", a, b):
            return as_value(a, x, y) ** np.float64(b)
        case ("if", c, a, b):
            condition = as_value(c, x, y)
            if abs(condition - 0.5) < 1e-9:
                raise NoNumberError
            return as_value(a, x, y) if condition > 0.5 else as_value(b, x, y)
    return np.float64(tree)  # type: ignore[arg-type]


@settings(max_examples=400, deadline=None)
@given(expressions, st.floats(0.25, 4), st.floats(-4, -0.25))
def test_identities_keep_the_value(tree: object, x: float, y: float) -> None:
    with np.errstate(all="ignore"):
        try:
            expected = as_value(tree, np.float64(x), np.float64(y))
        except NoNumberError:
            reject()
    node = make.lift(as_node(tree))
    found = evaluate(program(node, X, Y), x, y)
    if 1e-6 < abs(expected) < 1e9:
        assert abs(found - expected) <= 1e-10 * max(abs(expected), 1e4)


def test_what_constants_have_no_value_for_is_not_given_one() -> None:
    """Identities hold for finite numbers only; these are known not to be."""
    zero, infinity, nan = (make.constant(value) for value in (0.0, math.inf, math.nan))
    for node in (zero / zero, zero * infinity, infinity - infinity, zero / nan, zero * nan, nan / nan, nan**0.5):
        assert math.isnan(evaluate(program(node)))
    assert math.isnan(evaluate(program((X - X) / (X - X), X), 2.0))
    assert (zero / X) is zero  # and not nan at 0, where the quotient has no value


def test_identities() -> None:
    zero, one = make.constant(0.0), make.constant(1.0)
    assert X + 0.0 is X
    assert X - 0.0 is X
    assert X * 1.0 is X
    assert X / 1.0 is X
    assert X**1 is X
    assert X * 0.0 is zero
    assert X - X is zero
    assert X / X is one
    assert X**0 is one
    assert e.negative(-X) is X
    assert X * -1.0 is -X
    assert X - (-Y) is X + Y
    assert -(X - Y) is Y - X
    assert (-X) * (-Y) is X * Y
    assert (-X) * Y is -(X * Y)
    assert 2.0 * (3.0 * X) is 6.0 * X
    assert X**2 is X * X
    assert X + X is 2.0 * X
    assert isinstance(0.1 * (0.3 * X), Map)
    assert (0.1 * (0.3 * X)).args[0] is make.constant(0.1)


def test_a_guard_travels_outward() -> None:
    guarded = p.where(p.greater(X, 0.0), e.sqrt(X), 0.0)
    product = guarded * (1.0 / X)
    assert isinstance(product, Select)
    assert isinstance(product.args[2], Const)
    assert evaluate(program(product, X), 0.0) == 0.0


@pytest.mark.parametrize("sign", [2.0, 0.0, -0.0, -3.0])
def test_the_sign_of_a_number_is_known(sign: float) -> None:
    """mpmath and SymPy have no -0.0, so no -0.0 may reach them."""
    node = p.copysign(X, sign)
    assert not any(isinstance(part, Const) for part in program(node, X).nodes())
    for x in (-1.5, -0.0, 0.0, 2.0):
        assert repr(float(evaluate(program(node, X), x))) == repr(math.copysign(x, sign))


def test_operations_work_before_what_is_repeated() -> None:
    vector = Input("v", (3,))
    repeated = make.broadcast(X, (3,))
    assert repeated * vector is X * vector
    assert e.sin(repeated) is make.broadcast(e.sin(X), (3,))
    assert make.broadcast(make.constant(1.0), (3,)) * vector is vector
    assert p.where(p.greater(repeated, 0.0), vector, repeated) is p.where(p.greater(X, 0.0), vector, X)
    assert make.reshape(X, (1, 1)) is make.broadcast(X, (1, 1))


def test_constants_fold_only_to_finite_numbers() -> None:
    assert e.sin(make.constant(0.5)) is make.constant(math.sin(0.5))
    assert isinstance(e.log(make.constant(0.0)), Map)
    assert isinstance(make.constant(1.0) / make.constant(0.0), Map)


def test_booleans_become_numbers_in_arithmetic() -> None:
    node = p.greater(X, 0.0) * Y + p.less(X, 0.0)
    assert evaluate(program(node, X, Y), 2.0, 7.0) == 7.0
    assert evaluate(program(node, X, Y), -2.0, 7.0) == 1.0


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        (0, (3, 4)),
        (-1, (3, 4)),
        (slice(None, None, -1), (5,)),
        ((slice(1, None), 2), (3, 4)),
        ((Ellipsis, 1), (2, 3, 4)),
        ((None, slice(None), None), (3,)),
        (slice(4, 1, -2), (5,)),
        (slice(3, 1), (5,)),
        ((0, 1), (2, 2)),
        (slice(0, 99), (3,)),
    ],
)
def test_indexing_is_numpys(key: object, shape: tuple[int, ...]) -> None:
    array = np.arange(1.0, 1.0 + math.prod(shape)).reshape(shape)
    node = make.index(Input("a", shape), key)
    source = node
    while not isinstance(source, Input):
        source = source.args[0]
    found = evaluate(program(node, source), array)
    np.testing.assert_array_equal(found, array[key])  # type: ignore[index]
    assert np.shape(found) == node.shape


def test_an_element_of_known_elements_is_the_element() -> None:
    pair = make.stack([X, Y])
    assert make.index(pair, 1) is Y
    assert make.index(make.constant(np.array([5.0, 6.0])), 1) is make.constant(6.0)
    vector = Input("v", (3,))
    assert make.stack([make.index(vector, i) for i in range(3)]) is vector


@pytest.mark.parametrize(
    "build",
    [
        lambda: Input("a", (3,)) + Input("b", (2,)),
        lambda: make.reshape(Input("a", (3,)), (2, 2)),
        lambda: make.stack([Input("a", (3,)), Input("b", (2,))]),
        lambda: make.concatenate([Input("a", (3, 1)), Input("b", (2, 2))]),
        lambda: make.dot(Input("a", (3,)), Input("b", (2,))),
        lambda: make.index(Input("a", (3,)), (0, 0)),
        lambda: make.transpose(Input("a", (3, 2)), (0, 0)),
        lambda: make.reduce("sum", Input("a", (3,)), [1]),
    ],
)
def test_shapes_that_do_not_fit_are_refused(build: object) -> None:
    with pytest.raises(ShapeError):
        build()  # type: ignore[operator]


def test_index_out_of_bounds() -> None:
    with pytest.raises(IndexError, match="out of bounds"):
        make.index(Input("a", (3,)), 3)


@pytest.mark.parametrize("shape", [(), (3,)])
def test_a_number_beside_itself_is_compared_with_nan(shape: tuple[int, ...]) -> None:
    x = Input("x", shape)
    for never in (p.less(x, x), p.greater(x, x)):
        assert never.shape == shape and not np.any(evaluate(program(never, x), np.full(shape, math.nan)))
        assert never.is_constant
    assert p.not_equal(x, x) is p.isnan(x)
    assert p.equal(x, x) is p.less_equal(x, x) is p.greater_equal(x, x) is p.logical_not(p.isnan(x))


def test_arrays_of_more_axes_than_numpy_broadcasts() -> None:
    """NumPy has arrays of 64 axes, and broadcasts the shapes of up to 32."""
    a, b = Input("a", (2, *[1] * 40, 3)), Input("b", (2, *[1] * 38, 4, 1, 1))
    assert (a + b).shape == (2, *[1] * 38, 4, 1, 3)


def test_matrices_of_more_axes_than_numpy_walks_through() -> None:
    slope = sd.jacobian(lambda a: np.einsum(a, list(range(20)), list(range(19))), shapes={"a": (2,) + (1,) * 19})
    assert slope(np.ones((2,) + (1,) * 19)).shape == (2,) + (1,) * 18 + (2,) + (1,) * 19
