"""The kinds that work along axes: every derivative in both directions, every way to compute them.

Each case is a node of one array. Its value and its derivatives by one forward and one reverse sweep agree with central
differences in mpmath; the emitted NumPy, the elements and the reference evaluator agree with each other.
"""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from symdiff.calculus.derivatives import derive
from symdiff.calculus.elements import by_elements
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate, evaluate_mpmath
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Parameter, Program
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.runtime.compile import compile_program

Build = Callable[[Node], Node]
A = np.array([[0.5, -1.25, 2.0, 0.75], [1.5, 0.25, -0.5, 3.0], [-2.0, 1.0, 0.125, -0.75]])
KERNEL = make.constant(np.array([[1.0, -2.0], [0.5, 3.0]]))
FIRST = np.array([[2, 0, 1, 1], [0, 0, 2, 1]])

CASES: dict[str, Build] = {
    **{
        f"{how} along {axis}{' reversed' if reverse else ''}": (
            lambda x, how=how, axis=axis, reverse=reverse: arrays.scan(how, x, axis, reverse)
        )
        for how in ("sum", "prod", "max", "min")
        for axis in (0, 1)
        for reverse in (False, True)
    },
    "recurrence": lambda x: arrays.recurrence(x, e.sin(x), 1),
    "recurrence reversed": lambda x: arrays.recurrence(e.sin(x), x, 0, reverse=True),
    "rows at positions": lambda x: arrays.gather(x, 0, [[2, 0, 2]]),
    "columns at positions": lambda x: arrays.gather(x, 1, [[3, -1, 0]]),
    "elements at positions": lambda x: arrays.gather(x, 0, [[2, 0, 0], [1, -1, -1]]),
    "at a traced position": lambda x: arrays.gather(x, 0, [arrays.order("argmax", x, 0)]),
    "at a computed position": lambda x: arrays.gather(x, 1, [p.trunc(make.index(x, (1, 0)))]),
    "along": lambda x: arrays.gather_along(x, FIRST, 0),
    "added at positions": lambda x: arrays.scatter_add(x, 0, [arrays.positions([1, 1, 4])], (5, 4)),
    "assigned at positions": lambda x: arrays.scatter_add(x, 0, [arrays.positions([1, 0, 4])], (5, 4)),
    "added along": lambda x: arrays.scatter_along(x, arrays.positions(np.array([FIRST[0]] * 3) % 3), 1, (3, 4)),
    "sorted": lambda x: arrays.gather_along(x, arrays.order("argsort", x, 1), 1),
    "sorted down": lambda x: arrays.gather_along(x, arrays.order("argsort", x, 0), 0),
    "partitioned": lambda x: arrays.gather_along(x, arrays.order("argpartition", x, 1, [1]), 1),
    "rolled": lambda x: arrays.roll(x, [1, -1]),
    "lower triangle": lambda x: arrays.triangle("tril", x, 0),
    "upper triangle": lambda x: arrays.triangle("triu", x, -1),
    "diagonal": lambda x: arrays.diagonal(x, 1),
    "lower diagonal": lambda x: arrays.diagonal(x, -1, 1, 0),
    "from a diagonal": lambda x: arrays.from_diagonal(x, -1),
    "convolved": lambda x: arrays.convolve(x, KERNEL, "full"),
    "convolved inside": lambda x: arrays.convolve(x, e.sin(make.index(x, (slice(0, 2), slice(1, 3)))), "valid"),
    "convolved lines": lambda x: arrays.convolve(make.index(x, 0), make.index(x, 1), "full"),
    "counted": lambda x: make.as_real(arrays.search(make.constant(np.array([-1.1, 0.0, 0.9])), x, "right")) * x,
}


def program(build: Build) -> tuple[Program, Node]:
    x = Input("x", A.shape)
    made = build(x)
    weights = np.linspace(0.5, 1.5, made.size).reshape(made.shape)
    loss: Node = make.reduce("sum", e.sin(made) * make.lift(weights if made.shape else 1.0))
    return Program("f", (Parameter("x"),), (x,), (loss,)), made


@pytest.mark.parametrize("build", CASES.values(), ids=CASES.keys())
def test_derivatives_agree_with_differences_forward_and_reverse(build: Build) -> None:
    scalar, _ = program(build)
    gradient = evaluate(check(derive(scalar, "grad", ["x"])), A)
    direction = np.cos(np.arange(A.size)).reshape(A.shape)
    slope = _difference(lambda t: evaluate_mpmath(scalar, A.astype(object) + t * direction))
    np.testing.assert_allclose(np.sum(gradient * direction), slope, rtol=1e-12)
    forward = evaluate(check(derive(scalar, "jvp", ["x"])), A, tangent=direction)
    np.testing.assert_allclose(forward, slope, rtol=1e-12)
    product = evaluate(check(derive(scalar, "hvp", ["x"])), A, vector=direction)
    gradients = derive(scalar, "grad", ["x"])
    expected = _difference(lambda t: evaluate_mpmath(gradients, A.astype(object) + t * direction))
    np.testing.assert_allclose(product, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("build", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("kind", ["value", "grad", "hvp"])
def test_emitted_code_elements_and_reference_agree(build: Build, kind: str) -> None:
    derived = derive(program(build)[0], kind, ["x"])
    arguments = {"x": A, **({"vector": np.cos(A)} if kind == "hvp" else {})}
    expected = evaluate(derived, **arguments)
    np.testing.assert_allclose(compile_program(derived, "numpy")(**arguments), expected, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(evaluate(check(by_elements(derived)), **arguments), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("build", CASES.values(), ids=CASES.keys())
def test_float32_stays_float32_and_nothing_is_written_to(build: Build) -> None:
    narrow = A.astype(np.float32)
    narrow.flags.writeable = False
    found = compile_program(derive(program(build)[0], "grad", ["x"]), "numpy")(narrow)
    assert found.dtype == np.float32
    assert found.shape == A.shape


@pytest.mark.parametrize("build", CASES.values(), ids=CASES.keys())
def test_the_hessian_of_the_whole_batch_is_made_of_its_products_with_vectors(build: Build) -> None:
    scalar, _ = program(build)
    hessian, product = derive(scalar, "hess", ["x"]), derive(scalar, "hvp", ["x"])
    rows = [evaluate(product, A, vector=unit.reshape(A.shape)) for unit in np.eye(A.size)]
    expected = np.reshape(rows, A.shape * 2)
    np.testing.assert_allclose(evaluate(check(hessian), A), expected, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(compile_program(hessian, "numpy")(A), expected, rtol=1e-11, atol=1e-12)


def test_a_running_product_with_zeros_has_exact_derivatives() -> None:
    x = Input("x", (4,))
    total = make.reduce("sum", arrays.scan("prod", x, 0))
    scalar = Program("f", (Parameter("x"),), (x,), (total,))
    found = evaluate(derive(scalar, "grad", ["x"]), np.array([2.0, 0.0, 3.0, 0.0]))
    np.testing.assert_array_equal(found, [1.0, 2.0 * (1.0 + 3.0), 0.0, 0.0])


def test_equal_elements_are_sorted_stably_and_the_first_is_the_running_maximum() -> None:
    x = Input("x", (4,))
    v = np.array([1.0, 2.0, 1.0, 2.0])
    for made, expected in [
        (arrays.gather_along(x, arrays.order("argsort", x, 0), 0), [1.0, 3.0, 2.0, 4.0]),
        (arrays.scan("max", x, 0), [1.0, 9.0, 0.0, 0.0]),
    ]:
        total = make.reduce("sum", made * make.constant(np.arange(1.0, 5.0)))  # type: ignore[operator]
        scalar = Program("f", (Parameter("x"),), (x,), (total,))
        np.testing.assert_array_equal(evaluate(derive(scalar, "grad", ["x"]), v), expected)


def _difference(function: Callable[[mpmath.mpf], object]) -> np.ndarray:
    with mpmath.workdps(50):
        step = mpmath.mpf(10) ** -15
        ahead, behind = function(step), function(-step)
        return np.asarray((np.asarray(ahead) - np.asarray(behind)) / (2 * step), dtype=float)
