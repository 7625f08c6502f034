"""Forward against reverse against mpmath's numerical differentiation, for every node kind."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.calculus import derivatives
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate, evaluate_mpmath
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import tuple_of
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p

Build = Callable[..., Node]


def program_of(build: Build, *shapes: tuple[int, ...]) -> Program:
    inputs = tuple(Input(f"x{i}", shape) for i, shape in enumerate(shapes))
    parameters = tuple(Parameter(node.name) for node in inputs)
    return check(Program("f", parameters, inputs, (build(*inputs),)))


def names(program: Program) -> list[str]:
    return [parameter.name for parameter in program.parameters]


def weighted(node: Node) -> Node:
    """A scalar that feels every element differently."""
    weights = make.constant(np.sin(np.arange(1.0, node.size + 1)).reshape(node.shape)) if node.shape else 1.0
    return make.reduce("sum", node * weights)


def numerical_gradient(program: Program, arguments: list[np.ndarray]) -> list[np.ndarray]:
    """mpmath's differentiation of the primal at 40 digits: shares no rule with the sweeps."""
    found = []
    for position, argument in enumerate(arguments):
        slopes = np.zeros(argument.shape)
        for index in np.ndindex(*argument.shape):

            def along(t: object, position: int = position, index: tuple[int, ...] = index) -> object:
                moved = [np.array(a, dtype=object) for a in arguments]
                moved[position][index] = t
                return evaluate_mpmath(program, *(m if m.shape else m[()] for m in moved), digits=60)

            with mpmath.workdps(60):
                slopes[index] = float(mpmath.diff(along, mpmath.mpf(float(argument[index]))))
        found.append(slopes)
    return found


KINDS: dict[str, tuple[Build, list[tuple[int, ...]]]] = {
    "map": (lambda x, y: e.sin(x) * y / (2.0 + e.exp(x)), [(), ()]),
    "power": (lambda x, y: x**y + x**3 + 2.0**x, [(), ()]),
    "broadcast map": (lambda x, y: weighted(e.exp(x * y)), [(3, 1), (1, 2)]),
    "map of scalar and array": (lambda x, y: weighted(e.sin(x * y)), [(), (2, 2)]),
    "select": (lambda x, y: weighted(p.where(p.less(x, y), x * x, e.sin(y))), [(3,), ()]),
    "sum": (lambda x: e.exp(make.reduce("sum", x * x, [0])), [(3,)]),
    "sum over an axis": (lambda x: weighted(e.exp(make.reduce("sum", x * x, [1]))), [(2, 3)]),
    "prod": (lambda x: make.reduce("prod", x), [(4,)]),
    "prod over an axis": (lambda x: weighted(make.reduce("prod", x * x, [0])), [(3, 2)]),
    "max": (lambda x: make.reduce("max", x * x), [(4,)]),
    "min over an axis": (lambda x: weighted(make.reduce("min", x * x, [1])), [(2, 3)]),
    "index": (lambda x: make.index(x, 0) * make.index(x, 2) ** 2, [(3,)]),
    "index of few": (lambda x: e.sin(make.index(x, (1, 1))), [(3, 3)]),
    "slices": (lambda x: weighted(make.index(x, slice(1, None)) * make.index(x, slice(None, -1))), [(4,)]),
    "negative step": (lambda x: weighted(make.index(x, slice(None, None, -2)) ** 2), [(5,)]),
    "new axis": (lambda x: weighted(make.index(x, (slice(None), None)) * x), [(3,)]),
    "scatter": (lambda x: weighted(make.scatter(x * x, (slice(1, 3, 1),), (4,)) ** 2), [(2,)]),
    "reshape": (lambda x: weighted(make.reshape(x, (3, 2)) ** 2), [(2, 3)]),
    "transpose": (lambda x: weighted(make.transpose(x) ** 2), [(2, 3)]),
    "flip": (lambda x: weighted(make.flip(x, [1]) * x), [(2, 3)]),
    "broadcast": (lambda x: weighted(make.broadcast(x * x, (2, 3))), [(3,)]),
    "stack": (lambda x, y: weighted(make.stack([x * y, x, y * y], 1)), [(2,), (2,)]),
    "concatenate": (lambda x, y: weighted(make.concatenate([x * x, y], 0) ** 2), [(2,), (3,)]),
    "dot of vectors": (lambda x, y: make.dot(x, e.sin(y)), [(3,), (3,)]),
    "dot of matrices": (lambda x, y: weighted(make.dot(x * x, y)), [(2, 3), (3, 2)]),
    "matrix times vector": (lambda x, y: weighted(make.dot(x, y * y)), [(2, 3), (3,)]),
    "quadratic form": (lambda x, y: make.dot(y, make.dot(x, y)), [(3, 3), (3,)]),
    "einsum summing one alone": (lambda x, y: weighted(make.einsum([[0, 1], [0]], [0], x, y)), [(2, 3), (2,)]),
    "scalar times array": (lambda x, y: weighted(make.dot(x, y)), [(), (3,)]),
}


def sample(shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    generator = np.random.default_rng(7)
    return [np.asarray(generator.uniform(0.5, 2.0, shape)) for shape in shapes]


@pytest.mark.parametrize("kind", KINDS)
def test_reverse_agrees_with_numerical_differentiation(kind: str) -> None:
    build, shapes = KINDS[kind]
    program = program_of(build, *shapes)
    arguments = sample(shapes)
    gradient = check(derivatives.gradient(program, names(program)))
    found = evaluate(gradient, *arguments)
    found = found if len(shapes) > 1 else (found,)
    for ours, reference in zip(found, numerical_gradient(program, arguments), strict=True):
        np.testing.assert_allclose(ours, reference, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_forward_agrees_with_reverse(kind: str) -> None:
    build, shapes = KINDS[kind]
    program = program_of(build, *shapes)
    arguments = sample(shapes)
    generator = np.random.default_rng(8)
    direction = tuple(generator.normal(size=shape) for shape in shapes)
    slopes = evaluate(derivatives.gradient(program, names(program)), *arguments)
    slopes = slopes if len(shapes) > 1 else (slopes,)
    expected = sum(np.sum(slope * step) for slope, step in zip(slopes, direction, strict=True))
    tangent = direction if len(shapes) > 1 else direction[0]
    ours = evaluate(check(derivatives.jvp(program, names(program))), *arguments, tangent=tangent)
    np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_hessian_is_the_derivative_of_the_gradient_and_agrees_with_its_product(kind: str) -> None:
    build, shapes = KINDS[kind]
    program = program_of(build, *shapes)
    arguments = sample(shapes)
    wrt = names(program)[:1]
    hessian = evaluate(check(derivatives.hessian(program, wrt)), *arguments)
    reference = evaluate(check(derivatives.jacobian(derivatives.gradient(program, wrt), wrt)), *arguments)
    np.testing.assert_allclose(hessian, reference, rtol=1e-12, atol=1e-12)
    vector = np.random.default_rng(9).normal(size=shapes[0])
    product = evaluate(check(derivatives.hvp(program, wrt)), *arguments, vector=vector)
    expected = np.tensordot(hessian, vector, axes=vector.ndim)
    np.testing.assert_allclose(product, expected, rtol=1e-11, atol=1e-11)
    column = np.zeros(shapes[0])
    column[(0,) * len(shapes[0])] = 1.0
    slope_program = derivatives.gradient(program, wrt)

    def moved(step: float) -> list[np.ndarray]:
        return [arguments[0] + step * column, *arguments[1:]]

    difference = (evaluate(slope_program, *moved(1e-6)) - evaluate(slope_program, *moved(-1e-6))) / 2e-6
    np.testing.assert_allclose(np.tensordot(hessian, column, axes=column.ndim), difference, rtol=1e-6, atol=1e-6)


def test_vjp_is_the_transpose_of_jvp() -> None:
    x = Input("x", (3,))
    outputs = (make.reduce("sum", x * x), e.sin(x) * make.index(x, 0))
    program = check(Program("f", (Parameter("x"),), (x,), outputs, tuple_of([Parameter("x").structure] * 2)))
    point, step = np.array([0.3, -1.2, 2.0]), np.array([1.0, -2.0, 0.5])
    weights = (0.7, np.array([-1.0, 0.2, 3.0]))
    pushed = evaluate(derivatives.jvp(program, ["x"]), point, tangent=step)
    pulled = evaluate(derivatives.vjp(program, ["x"]), point, cotangent=weights)
    np.testing.assert_allclose(weights[0] * pushed[0] + np.sum(weights[1] * pushed[1]), np.sum(pulled * step))


def test_product_of_64_factors_costs_at_most_3n_plus_8() -> None:
    inputs = tuple(Input(f"x{i}") for i in range(64))
    product: Node = inputs[0]
    for factor in inputs[1:]:
        product = product * factor
    program = Program("f", tuple(Parameter(node.name) for node in inputs), inputs, (product,))
    both = derivatives.value_and_gradient(program, names(program))
    operations = [node for node in both.nodes() if node.args]
    assert len(operations) <= 3 * 64 + 8
    points = list(np.random.default_rng(1).uniform(0.5, 2.0, 64))
    value, slopes = evaluate(both, *points)
    np.testing.assert_allclose(slopes, value / np.array(points), rtol=1e-13)


def test_deep_chain_differentiates_without_recursion() -> None:
    x = Input("x")
    value: Node = x
    for _ in range(20_000):
        value = e.sin(value) + x
    program = Program("f", (Parameter("x"),), (x,), (value,))
    slope = evaluate(derivatives.gradient(program, ["x"]), 0.3)
    point, tangent = 0.3, 1.0
    for _ in range(20_000):
        point, tangent = float(np.sin(point)) + 0.3, float(np.cos(point)) * tangent + 1.0
    assert slope == pytest.approx(tangent, rel=1e-12)


def test_arrays_without_elements_have_derivatives_without_elements() -> None:
    nothing = np.zeros(0)
    assert sd.hessian(lambda x: np.sum(x**2))(nothing).shape == (0, 0)
    assert sd.jacobian(lambda x: x**2)(nothing).shape == (0, 0)
    assert sd.jacobian(lambda x: np.array([np.sum(x), 1.0]))(nothing).shape == (2, 0)
    assert sd.hessian(lambda x, y: np.sum(x**2) + y**3, (0, 1))(nothing, 2.0)[1][1] == 12.0
