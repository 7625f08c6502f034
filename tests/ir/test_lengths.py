"""Open lengths: arithmetic that holds for every size, comparisons that are decided or refused, positions and slices."""

import itertools
import random

import numpy as np
import pytest

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.evaluate import evaluate
from symdiff.ir.keys import index_shape, normal_key, with_sizes
from symdiff.ir.lengths import (
    Dimension,
    Length,
    Name,
    counted,
    fresh,
    is_less,
    is_static,
    larger,
    named,
    names_in,
    only_name,
    product,
    quotient,
    rest,
    smaller,
    substituted,
    text,
)
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ir.rewrite import with_static_sizes
from symdiff.ir.shapes import common_shape, completed
from symdiff.ir.sizes import bind, plan

N, D, M = named("n"), named("d"), named("m")
NAMES = [Name("n"), Name("d"), Name("m")]


def test_equal_lengths_are_equal_objects() -> None:
    assert N * D + D == D * (N + 1)
    assert hash(N * D + D) == hash(D * (N + 1))
    assert N - N == 0
    assert type(N - N) is int
    assert (N + 1) * (N - 1) == N * N - 1
    assert named("n") == N
    assert fresh("n") != N
    assert fresh("n") != fresh("n")
    assert N != 3


def _random_length(generator: random.Random, depth: int) -> tuple[Dimension, str]:
    """A length and the same in Python, for values of n, d and m."""
    if depth == 0:
        value, code = generator.choice([(N, "n"), (D, "d"), (M, "m"), (1, "1"), (2, "2"), (5, "5")])
        return value, code
    (left, a), (right, b) = _random_length(generator, depth - 1), _random_length(generator, depth - 1)
    match generator.choice("++-*/hlr"):
        case "+":
            return left + right, f"({a} + {b})"
        case "-":
            return left - right, f"({a} - {b})"
        case "*":
            return left * right, f"({a} * {b})"
        case "/" if is_less(0, right):
            return quotient(left, right), f"({a} // {b})"
        case "h":
            return smaller(left, right), f"min({a}, {b})"
        case "l":
            return larger(left, right), f"max({a}, {b})"
    return rest(left), f"max({a}, 0)"


@pytest.mark.parametrize("seed", range(60))
def test_lengths_have_the_values_of_python(seed: int) -> None:
    length, code = _random_length(random.Random(seed), 3)
    for n, d, m in itertools.product((1, 2, 3, 7), repeat=3):
        sizes: dict[Name, Dimension] = dict(zip(NAMES, (n, d, m), strict=True))
        expected = eval(code, {"n": n, "d": d, "m": m, "min": min, "max": max})
        assert substituted(length, sizes) == expected
        written = text(length, {name: name.text for name in NAMES})
        assert eval(written, {"n": n, "d": d, "m": m, "max": max}) == expected


@pytest.mark.parametrize("seed", range(60))
def test_what_is_decided_holds_for_all_sizes(seed: int) -> None:
    generator = random.Random(1000 + seed)
    (left, _), (right, _) = _random_length(generator, 2), _random_length(generator, 2)
    verdict = is_less(left, right)
    for values in itertools.product((1, 2, 3, 5, 9), repeat=3):
        sizes: dict[Name, Dimension] = dict(zip(NAMES, values, strict=True))
        less = substituted(left, sizes) < substituted(right, sizes)
        assert verdict is None or verdict is less


def test_comparisons_are_decided_where_every_size_agrees() -> None:
    assert N + 1 > N
    assert N * D >= 1
    assert N // 2 <= N
    assert bool(N)
    assert smaller(N, 5) <= 5
    assert smaller(N, 5) >= 1
    for question in (lambda: N > 3, lambda: N < M, lambda: N // 2 > 0, lambda: bool(N - 1)):
        with pytest.raises(ShapeError, match="depends on the sizes"):
            question()
    with pytest.raises(ShapeError, match="is not a number while"):
        range(N)  # type: ignore[call-overload]
    with pytest.raises(ShapeError, match="stays open"):
        counted(N, "sorting")
    with pytest.raises(ShapeError, match="not known whether"):
        quotient(N, D - 1)


def test_division_is_exact_where_it_can_be() -> None:
    assert (N * D) // D == N
    assert (N * D + D) // D == N + 1
    assert (6 * N) // 3 == 2 * N
    assert (6 * N) % 3 == 0
    assert (N * D) // (N * D) == 1
    assert (N * N - 1) // (N + 1) == N - 1
    assert str((N + 1) // 2) == "(n + 1)//2"
    assert str(N % 2) == "n - 2*(n//2)"
    assert text(N // 2 * D, {Name("n"): "rows", Name("d"): "d"}) == "d * (rows // 2)"
    assert quotient(7, N) == 7 // N
    assert substituted(7 // N, {Name("n"): 2}) == 3


def test_helpers_of_shapes() -> None:
    assert product((N, 2, D)) == 2 * N * D
    assert product(()) == 1
    assert not is_static((3, N))
    assert only_name(N) == Name("n")
    assert only_name(2 * N) is None
    assert list(names_in((N + D) // 2 + rest(M - 2))) == [Name("d"), Name("n"), Name("m")]
    assert common_shape([(N, 1), (D,), ()]) == (N, D)
    assert common_shape([(N,), (M,)]) is None
    assert common_shape([(N,), (3,)]) is None
    assert completed((N, -1), N * D) == (N, D)
    assert completed((-1,), N * D) == (N * D,)
    for lengths, size in [((-1, 2), N), ((-1, -1), N), ((-1, N), D)]:
        with pytest.raises(ShapeError, match="cannot be reshaped"):
            completed(lengths, size)


SLICES = [
    slice(None),
    *(slice(a, None) for a in (1, 2, 5, -1, -3)),
    *(slice(None, b) for b in (1, 2, 5, -1, -3)),
    *(slice(a, b) for a in (1, -4) for b in (3, -1)),
    *(slice(None, None, step) for step in (2, 3, -1, -2)),
    *(slice(a, b, step) for a in (1, -2) for b in (None, 4, -1) for step in (2, -1, -3)),
]


@pytest.mark.parametrize("key", SLICES, ids=str)
def test_slices_of_open_axes_are_those_of_numpy(key: slice) -> None:
    normal, _ = normal_key(key, (N,))
    (count,) = index_shape(normal, (N,))
    assert normal_key(normal, (N,))[0] == normal
    for n in range(1, 9):
        expected = np.arange(n)[key]
        sizes: dict[Name, Dimension] = {Name("n"): n}
        assert substituted(count, sizes) == len(expected)
        np.testing.assert_array_equal(np.arange(n)[with_sizes(normal, (n,), sizes)], expected)  # type: ignore[index]


@pytest.mark.parametrize("position", [0, 1, 3, -1, -3])
def test_elements_of_open_axes_exist_or_not_as_in_numpy(position: int) -> None:
    x = Input("x", (N,))
    program = Program("f", (Parameter("x"),), (x,), (make.index(x, position),))
    for n in range(1, 5):
        values = np.arange(10.0, 10.0 + n)
        if -n <= position < n:
            assert evaluate(program, values) == values[position]
            assert evaluate(with_static_sizes(program, {Name("n"): n}), values) == values[position]
        else:
            with pytest.raises(IndexError):
                evaluate(program, values)


def test_sizes_are_found_in_any_order_and_solved_for() -> None:
    assert bind(["a", "b"], [(N + 1, D), (N,)], [(4, 2), (3,)]) == {Name("n"): 3, Name("d"): 2}
    assert bind(["theta"], [(2 * N + 1,)], [(7,)]) == {Name("n"): 3}
    assert [step.input for step in plan([(N * D,), (N, 3), (D,)])] == [1, 2, 0]
    for shapes in ([(N * N,)], [(N + D,)], [(N // 2,)]):
        with pytest.raises(ShapeError, match="cannot be found"):
            plan(shapes)


@pytest.mark.parametrize(
    ("shapes", "actual", "message"),
    [
        ([(N,), (N,)], [(3,), (4,)], r"b has shape \(4,\), expected \(n,\) with n = 3 of a"),
        ([(N, N)], [(3, 4)], r"a has shape \(3, 4\), expected \(n, n\)"),
        ([(N, D)], [(3,)], r"a has shape \(3,\), expected \(n, d\)"),
        ([(2 * N + 1,)], [(6,)], r"a has shape \(6,\), expected \(2\*n \+ 1,\)"),
        ([(N, 3)], [(2, 2)], r"a has shape \(2, 2\), expected \(n, 3\)"),
    ],
)
def test_shapes_that_disagree_name_the_arguments(
    shapes: list[tuple[Dimension, ...]], actual: list[tuple[int, ...]], message: str
) -> None:
    with pytest.raises(ShapeError, match=message):
        bind(["a", "b"], shapes, actual)


def test_a_sum_of_what_repeats_is_taken_before_it_spreads() -> None:
    x = Input("x", (N,))
    spread = make.broadcast(make.reshape(x, (1, N)), (D, N))
    for how, axes in [("sum", [0]), ("sum", [0, 1]), ("max", [0]), ("max", [1]), ("sum", [1])]:
        reduced = make.reduce(how, spread, axes)
        program = Program("f", (Parameter("x"), Parameter("w")), (x, Input("w", (D,))), (reduced,))
        values = np.array([1.0, -2.0, 4.0])
        expected = getattr(np, how)(np.broadcast_to(values, (2, 3)), axis=tuple(axes))
        np.testing.assert_allclose(evaluate(program, values, np.ones(2)), expected)
    assert make.reduce("sum", spread, [0]) is make.size_of(D) * x
    assert isinstance(product(spread.shape), Length)
