"""Every covered function, in every form: value, gradient and second derivative against plain NumPy and autograd."""

import importlib
from typing import Any

import numpy as np
import pytest

from symdiff.calculus.derivatives import derive
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Node
from symdiff.ir.program import Program
from symdiff.ops import elementary as e
from symdiff.runtime.compile import compile_program
from tests.tracing.coverage import COVERED, PAGE, Variant, page

VARIANTS = [variant for variants in COVERED.values() for variant in variants]
SHARED = [variant for variant in VARIANTS if variant.in_autograd]


def weights(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(7).uniform(0.5, 1.5, shape)


def loss_of(program: Program) -> Program:
    """The sum over all results of weight * sin(result): its second derivatives see both sweeps of every rule."""
    (output,) = program.outputs
    total: Node = make.reduce("sum", e.sin(make.as_real(output)) * make.lift(weights(output.shape)))
    return program.with_outputs([total], program.structure)


def directions(arguments: list[Any]) -> list[Any]:
    generator = np.random.default_rng(11)
    return [generator.uniform(-1.0, 1.0, np.shape(argument))[()] for argument in arguments]


def slopes_of(program: Program, arguments: list[Any]) -> tuple[Any, Any]:
    """The gradient of the loss and its Hessian times a direction, by the emitted NumPy."""
    loss = loss_of(program)
    names = [parameter.name for parameter in loss.parameters]
    gradient = compile_program(check(derive(loss, "grad", names)), "numpy")(*arguments)
    vector = directions(arguments)
    product = compile_program(check(derive(loss, "hvp", names)), "numpy")(
        *arguments, vector=vector[0] if len(vector) == 1 else tuple(vector)
    )
    return (gradient, product) if len(names) > 1 else ((gradient,), (product,))


@pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")  # by NumPy 2.5; users still call it
@pytest.mark.parametrize("variant", VARIANTS, ids=[variant.name for variant in VARIANTS])
def test_value_and_derivatives_agree_with_numpy_and_differences(variant: Variant) -> None:
    function, arguments = variant.plain(), variant.arguments()
    kept = [np.array(argument) for argument in arguments]
    program = check(variant.program())
    expected = function(*arguments)
    assert program.outputs[0].shape == np.shape(expected)
    found = compile_program(program, "numpy")(*arguments)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(evaluate(program, *arguments), expected, rtol=1e-12, atol=1e-13)
    for argument, before in zip(arguments, kept, strict=True):
        np.testing.assert_array_equal(argument, before)
    if program.outputs[0].dtype != "real":
        assert np.asarray(found).dtype == np.asarray(expected).dtype
        return
    gradient, product = slopes_of(program, arguments)
    vector = directions(arguments)

    def along(step: float) -> float:
        moved = [argument + step * part for argument, part in zip(arguments, vector, strict=True)]
        value = np.asarray(function(*moved), dtype=float)
        return float(np.sum(np.sin(value) * weights(value.shape)))

    slope = sum(np.sum(one * part) for one, part in zip(gradient, vector, strict=True))
    curvature = sum(np.sum(one * part) for one, part in zip(product, vector, strict=True))
    np.testing.assert_allclose(slope, (along(1e-6) - along(-1e-6)) / 2e-6, rtol=2e-7, atol=2e-8)
    second = (along(1e-4) - 2.0 * along(0.0) + along(-1e-4)) / 1e-8
    np.testing.assert_allclose(curvature, second, rtol=2e-4, atol=2e-3)
    loss = loss_of(program)
    forward = derive(loss, "jvp", [parameter.name for parameter in loss.parameters])
    pushed = compile_program(forward, "numpy")(*arguments, tangent=vector[0] if len(vector) == 1 else tuple(vector))
    np.testing.assert_allclose(pushed, slope, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("variant", SHARED, ids=[variant.name for variant in SHARED])
def test_derivatives_agree_with_autograd(variant: Variant) -> None:
    anp = pytest.importorskip("autograd.numpy")
    module = importlib.import_module(f"autograd.{variant.package}")
    autograd = pytest.importorskip("autograd")
    arguments = variant.arguments()

    def loss(*arrays: Any) -> Any:
        value = variant.form(module, *arrays)
        return anp.sum(anp.sin(value) * weights(np.shape(value)))

    places = tuple(range(len(arguments)))
    vector = directions(arguments)

    def slope(*arrays: Any) -> Any:
        parts = autograd.grad(loss, places)(*arrays)
        return sum(anp.sum(part * other) for part, other in zip(parts, vector, strict=True))

    gradient, product = slopes_of(variant.program(), arguments)
    for ours, theirs in zip(gradient, autograd.grad(loss, places)(*arguments), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12)
    for ours, theirs in zip(product, autograd.grad(slope, places)(*arguments), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-11)


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.tracing.coverage writes it"
