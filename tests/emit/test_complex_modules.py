"""Generated modules with complex numbers, executed: values, dtypes, refusals, in every backend that has them."""

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def response(w: float, z: complex, gain: float = 2.0) -> complex:
    """A second-order filter with a complex pole."""
    pole = 1j * w - z
    if abs(pole) > 3.0:
        return gain / (pole * (1j * w - z.conjugate()))
    return gain * cmath.exp(-pole) / cmath.sqrt(pole)


def misfit(w: float, z: complex, gain: float = 2.0) -> float:
    return abs(response(w, z, gain) - (0.3 - 0.1j)) ** 2


def functions(text: str) -> list[Callable[..., Any]]:
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    return [namespace[name] for name in namespace["__all__"]]


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
@pytest.mark.parametrize("z", [-0.3 + 1.1j, -2.0 + 4.0j])
def test_values_and_gradients(backend: str, z: complex) -> None:
    (value,) = functions(sd.trace(response).source(backend))
    assert complex(value(0.7, z)) == pytest.approx(response(0.7, z), rel=1e-13)
    (gradient,) = functions(sd.grad(misfit, ("w", "z")).source(backend))
    by_w, by_z = gradient(0.7, z)
    step = 1e-6
    slopes = [(misfit(0.7, z + step * unit) - misfit(0.7, z - step * unit)) / (2 * step) for unit in (1, 1j)]
    assert complex(by_z) == pytest.approx(slopes[0] - 1j * slopes[1], rel=1e-7)
    assert not np.iscomplexobj(by_w)


def test_arrays_broadcast_and_keep_their_precision() -> None:
    (value,) = functions(sd.trace(response).source())
    w, z = np.linspace(0.0, 2.0, 3), np.array([[-0.3 + 1.1j], [-2.0 + 4.0j]])
    found = value(w, z)
    expected = [[response(x, y) for x in w] for y in z[:, 0]]
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    single = value(w.astype(np.float32), z.astype(np.complex64))
    assert single.dtype == np.complex64
    np.testing.assert_allclose(single, expected, rtol=1e-4)


def test_real_parameters_refuse_complex_numbers() -> None:
    (value,) = functions(sd.trace(response).source())
    with pytest.raises(TypeError, match="expected real numbers"):
        value(0.7j, -0.3 + 1.1j)
    (real_function,) = functions(sd.trace(lambda x: x * x).source())
    with pytest.raises(TypeError, match="expected real numbers"):
        real_function(1j)


def test_complex_parameters_take_real_numbers() -> None:
    for backend in ("numpy", "math"):
        (value,) = functions(sd.trace(response).source(backend))
        assert complex(value(1, -2)) == pytest.approx(response(1.0, -2.0 + 0j), rel=1e-13)


def growth(x: float, y: float) -> float:
    return math.exp(x) * y


def test_a_real_program_says_nothing_of_complex_numbers() -> None:
    for backend in ("numpy", "numexpr", "math"):
        text = sd.grad(growth, ("x", "y")).source(backend)
        code = [line for line in text.splitlines() if not line.strip().startswith("#")]
        assert not any("complex" in line.partition("#")[0] or "cmath" in line for line in code)


def test_array_constants_and_assignment() -> None:
    table = np.array([1 + 2j, -1j])

    def f(x: Any) -> Any:
        y = np.zeros(2, dtype=complex)
        y[0] = x * 1j
        return np.sum((y + table) * np.array([x, 1.0]))

    (value,) = functions(sd.trace(f).source())
    assert value(0.4) == pytest.approx(f(0.4), rel=1e-15)
    with pytest.raises(sd.AssignmentError, match="does not fit"):
        sd.trace(_complex_into_real)


def _complex_into_real(x: Any) -> Any:
    y = np.zeros(2)
    y[0] = 1j * x
    return y


def test_in_memory_functions_take_python_numbers_and_give_them() -> None:
    traced = sd.trace(response)
    found = traced(0.7, -0.3 + 1.1j)
    assert type(found) is complex
    assert found == pytest.approx(response(0.7, -0.3 + 1.1j), rel=1e-14)


def test_sympy_has_complex_symbols_and_parts_only_where_they_were_written() -> None:
    import sympy

    expression = sd.trace(lambda z, a: abs(np.exp(a * z)) + z.real, shapes={"z": "complex"}).expr
    z, a = sympy.Symbol("z", complex=True), sympy.Symbol("a", real=True)
    assert expression == sympy.Abs(sympy.exp(a * z), evaluate=False) + sympy.re(z, evaluate=False)


def test_proof_finds_a_wrong_derivative() -> None:
    """The conjugate of the right gradient is refused."""
    from symdiff.emit.differences import Claim
    from symdiff.emit.verification import verify
    from symdiff.errors import VerificationError
    from symdiff.tracing import trace_function

    primal = trace_function(lambda z: abs(z * z * (1 + 2j) + z), args=(1j,))
    right = sd.grad(lambda z: abs(z * z * (1 + 2j) + z), shapes={"z": "complex"}).program
    wrong = trace_function(lambda z: np.conj(sd.grad(lambda u: abs(u * u * (1 + 2j) + u))(z)), args=(1j,))
    text = "def g(z):\n    return 0j\n"
    for program, message in ((wrong, "is not the derivative"), (right, "is off by")):
        with pytest.raises(VerificationError, match=message):
            verify(text, {"g": Claim("grad", primal, program, ("z",))})
