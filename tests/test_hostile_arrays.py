"""Input of every kind into functions of every kind: right, or refused by name, and never written to.

A table: kinds of input, by functions of arrays, by ways to compute (in memory: value, gradient, Jacobian, Hessian times
vector, sum of elementwise derivatives; as an emitted module of NumPy or numexpr: value and gradient). Right is what
plain NumPy gives for the same numbers in float64; an argument of float32 keeps its precision; ints count as floats.
"""

import array
import datetime
import decimal
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import SymdiffError
from symdiff.runtime.compile import compile_program

BASE = np.arange(6.0).reshape(2, 3) % 4.0 - 0.75


def assigned(x: Any) -> Any:
    y = np.zeros(x.shape)
    y[0] = x[0]
    y[1:] += x[1:] ** 2
    return y


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "elementwise": lambda x: np.exp(np.sin(x)) + x**3 / 2,
    "reductions": lambda x: np.sum(x, axis=0) * np.max(x) + np.mean(x) + np.var(x, axis=-1, keepdims=True),
    "matmul": lambda x: x @ x.T,
    "solve": lambda x: np.linalg.solve(x @ x.T + 2.0 * np.eye(len(x)), x),
    "sort": lambda x: np.sort(x, axis=-1)[:, ::-1],
    "where": lambda x: np.where(x > 0.5, np.sqrt(np.abs(x)), 2 * x),
    "scan": lambda x: np.cumsum(x, axis=-1) * np.cumprod(x, axis=0),
    "indexing": lambda x: x[1:] * x[:-1, ::-1] + x[[0, -1]],
    "assignment": assigned,
    "concatenate": lambda x: np.concatenate([x, 1 / (x + 10)], axis=0),
    "einsum": lambda x: np.einsum("ij,kj->ik", x, x) / 7,
    "norm": lambda x: np.linalg.norm(x + 3, axis=1) * len(x),
}
NESTED: dict[str, Callable[[Any], Any]] = {
    "dict": lambda x: x["w"] * np.sum(x["w"], axis=0),
    "tuple": lambda x: np.tanh(x[0]) + x[0].T.sum(),
}


def wrapped(name: str, x: Any) -> Any:
    return {"dict": {"w": x}, "tuple": (x,)}.get(name, x)


def total(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: np.sum(function(x) ** 2)


ALL = FUNCTIONS | NESTED
WAYS: dict[str, Callable[[Callable[[Any], Any]], Callable[[Any], Any]]] = {
    "value": lambda f: lambda x: sd.value_and_grad(total(f))(x)[0],
    "grad": lambda f: sd.grad(total(f)),
    "jacobian": sd.jacobian,
    "hvp": lambda f: lambda x: sd.hvp(total(f))(x, ones_like(x)),
    "elementwise": sd.elementwise_grad,
}


def ones_like(x: Any) -> Any:
    if isinstance(x, dict):
        return {key: ones_like(part) for key, part in x.items()}
    return tuple(map(ones_like, x)) if isinstance(x, tuple) else np.ones(np.shape(x), np.asarray(x).dtype)


class Subclass(np.ndarray):
    """A subclass that computes as its base does."""


class Columns:
    """As a data frame: no array, but it can be made one."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self.values, dtype)


def read_only(values: Any) -> Any:
    made = values.copy()
    made.flags.writeable = False
    return made


# What computes as an array of floats does, with the error that its precision allows.
ARRAYS: dict[str, tuple[Any, float]] = {
    "float64": (BASE, 1e-13),
    "float32": (BASE.astype(np.float32), 1e-4),
    "float16": (BASE.astype(np.float16), 5e-2),
    "long double": (BASE.astype(np.longdouble), 1e-13),
    "other byte order": (BASE.astype(">f8"), 1e-13),
    "int": ((BASE * 4).astype(int), 1e-13),
    "int8 that would overflow": (np.array([[100, 3, -50], [7, 90, 1]], np.int8), 1e-13),
    "uint8 that would wrap": (np.array([[1, 3, 2], [7, 0, 1]], np.uint8), 1e-13),
    "read-only": (read_only(BASE), 1e-13),
    "with gaps": (np.repeat(BASE, 2, axis=1)[:, ::2], 1e-13),
    "columns first": (np.asfortranarray(BASE), 1e-13),
    "backwards": (BASE[::-1, ::-1], 1e-13),
    "one value everywhere": (np.broadcast_to(1.25, (2, 3)), 1e-13),
    "a subclass": (BASE.view(Subclass), 1e-13),
    "with nan": (np.array([[0.5, np.nan, 2.0], [1.0, -1.0, 0.25]]), 1e-13),
    "with infinity": (np.array([[0.5, np.inf, 2.0], [1.0, -1.0, 0.25]]), 1e-13),
    "no rows": (np.zeros((0, 3)), 1e-13),
    "no columns": (np.zeros((2, 0)), 1e-13),
    "one element": (np.array([[1.5]]), 1e-13),
}

# What is no array of floats: a module makes one where NumPy does, a derivative in memory names what to write.
CONVERTED: dict[str, Any] = {
    "truth values": BASE > 0.0,
    "objects": BASE.astype(object),
    "decimals": np.array([[decimal.Decimal("0.5")] * 3, [decimal.Decimal(2)] * 3]),
    "a memoryview": memoryview(BASE),
    "columns": Columns(BASE),
}
REFUSED: dict[str, Any] = {
    "texts": np.array([["1", "2"], ["3", "4"]]),
    "objects that are no numbers": np.array([["a", 1.0], [2.0, 3.0]], object),
    "dates": np.array([["2020-01-01"] * 2] * 2, "M8[D]"),
    "time differences": np.ones((2, 2), "m8[s]"),
    "records": np.zeros((2, 2), [("a", float)]),
    "a masked array": np.ma.masked_less(BASE, 0.0),
    "a matrix": BASE.view(np.matrix),
    "None": None,
    "a text": "1.5",
    "bytes": b"1.5",
    "a set": {1.0, 2.0},
    "a generator": (i for i in range(3)),
    "a date": datetime.date(2020, 1, 1),
}


def footprint(value: Any) -> Any:
    """Everything about an argument that a call could have changed."""
    if isinstance(value, np.ndarray):
        held = repr(value.tolist()) if value.dtype.hasobject else value.tobytes()
        return type(value), value.shape, value.strides, value.dtype, str(value.flags), held
    return repr(value.values) if isinstance(value, Columns) else repr(value)


def quietly(function: Callable[[Any], Any], argument: Any) -> Any:
    """The result, without NumPy's warnings about the infinities that were put in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return function(argument)


def flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [part for key in sorted(value) for part in flat(value[key])]
    return [part for item in value for part in flat(item)] if isinstance(value, tuple) else [value]


def is_refused(function: Callable[[Any], Any], argument: Any) -> bool:
    try:
        quietly(function, argument)
    except (TypeError, ValueError, IndexError, np.linalg.LinAlgError):
        return True
    return False


@cache
def derivative_of(way: str, name: str) -> Callable[[Any], Any]:
    return WAYS[way](ALL[name])


@cache
def module(name: str, backend: str, kind: str) -> Callable[..., Any]:
    """The function of an emitted module, good for all numbers of rows and columns."""
    shapes: Any = {"x": {"dict": {"w": "m n"}, "tuple": ("m n",)}[name]} if name in NESTED else {"x": "m n"}
    if name == "indexing":  # of rows that exist
        shapes = {"x": "2 n"}
    form = sd.trace(ALL[name], shapes=shapes) if kind == "value" else sd.grad(total(ALL[name]), shapes=shapes)
    return compile_program(form.program, backend)


def assert_right(found: Any, expected: Any, given: Any, error: float) -> None:
    for one, other in zip(flat(found), flat(expected), strict=True):
        assert type(one) is np.ndarray or isinstance(one, np.floating)
        assert one.shape == np.shape(other)
        kept = given.dtype.newbyteorder("=") if given.dtype.kind == "f" else np.dtype(float)
        assert one.dtype == kept
        size = np.max(np.abs(other), initial=1.0, where=np.isfinite(other))
        np.testing.assert_allclose(np.asarray(one, float), other, rtol=error, atol=error * size)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_of_numbers_in_memory(kind: str, name: str) -> None:
    given, error = ARRAYS[kind]
    plain = np.array(given, float)
    as_computed = given if given.dtype.kind == "f" else plain
    before = footprint(given)
    for way in WAYS:
        if is_refused(ALL[name], wrapped(name, as_computed)):
            with pytest.raises((SymdiffError, IndexError, TypeError, ValueError, np.linalg.LinAlgError)):
                quietly(derivative_of(way, name), wrapped(name, given))
            continue
        found = quietly(derivative_of(way, name), wrapped(name, given))
        assert_right(found, quietly(derivative_of(way, name), wrapped(name, plain)), given, error)
    assert footprint(given) == before


@pytest.mark.parametrize("backend", ["numpy", "numexpr"])
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_of_numbers_in_modules(kind: str, name: str, backend: str) -> None:
    given, error = ARRAYS[kind]
    plain = np.array(given, float)
    before = footprint(given)
    if not is_refused(ALL[name], wrapped(name, given if given.dtype.kind == "f" else plain)):
        results = {"value": ALL[name], "grad": sd.grad(total(ALL[name]))}
        for result, function in results.items():
            made = module(name, backend, result)
            if backend == "numexpr" and not given.size and is_refused(made, wrapped(name, given)):
                with pytest.raises(ValueError, match="numexpr does not broadcast arrays without elements"):
                    made(wrapped(name, given))
                continue
            found = quietly(made, wrapped(name, given))
            assert_right(found, quietly(function, wrapped(name, plain)), given, error)
    assert footprint(given) == before


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", CONVERTED)
def test_what_can_be_made_an_array(kind: str, name: str) -> None:
    given = CONVERTED[kind]
    plain = np.array(given, float)
    before = footprint(given)
    for backend in ("numpy", "numexpr"):
        found = quietly(module(name, backend, "value"), wrapped(name, given))
        assert_right(found, quietly(ALL[name], wrapped(name, plain)), plain, 1e-13)
    for way in WAYS:
        with pytest.raises(SymdiffError, match=r"\bx\b.*nothing can be differentiated by it"):
            derivative_of(way, name)(wrapped(name, given))
    assert footprint(given) == before


@pytest.mark.parametrize("name", ["elementwise", "reductions", "solve", "dict"])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_array_of_numbers(kind: str, name: str) -> None:
    given = REFUSED[kind]
    before = footprint(given)
    for way in WAYS:
        with pytest.raises(SymdiffError, match=r"\bx\b.*(nothing can be differentiated|arithmetic of its own|once)"):
            derivative_of(way, name)(wrapped(name, given))
    for backend in ("numpy", "numexpr"):
        for result in ("value", "grad"):
            with pytest.raises((TypeError, ValueError)):
                module(name, backend, result)(wrapped(name, given))
    assert footprint(given) == before


@pytest.mark.parametrize("name", FUNCTIONS)
def test_lists_of_lists_and_other_ranks_in_modules(name: str) -> None:
    for backend in ("numpy", "numexpr"):
        function = module(name, backend, "value")
        for made in (BASE.tolist(), tuple(map(tuple, BASE.tolist())), [BASE[0], BASE[1].tolist()]):
            assert_right(function(made), FUNCTIONS[name](BASE), BASE, 1e-13)
        for wrong in ([[1.0, 2.0], [3.0]], 1.5, np.ones(3), np.ones((2, 3, 1)), [[1.0, [2.0]], [1.0, 2.0]]):
            with pytest.raises((TypeError, ValueError)):
                function(wrong)
        with pytest.raises(TypeError, match="expected real numbers"):
            function(BASE + 1j)


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "auto", "math"])
@pytest.mark.parametrize(
    "given",
    [
        2,
        True,
        2.0,
        np.int8(2),
        np.uint8(2),
        np.float32(2),
        np.float64(2),
        np.array(2),
        np.array(2.0),
        decimal.Decimal(2),
    ],
    ids=repr,
)
def test_numbers_of_every_kind(given: Any, backend: str) -> None:
    def formula(x: Any) -> Any:
        return x ** (-1) / 3 + 200 * x**2 - 7

    if backend == "math" and isinstance(given, np.ndarray):
        given = given[()]
    for function in (formula, sd.derivative(formula)):
        program = sd.trace(formula).program if function is formula else function.program
        exact = (
            formula(float(given)) if function is formula else -1.0 / (3.0 * float(given) ** 2) + 400.0 * float(given)
        )
        assert compile_program(program, backend)(given) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("given", ["1", None, 2j, b"2", datetime.date(2020, 1, 1), "array"], ids=repr)
def test_what_is_no_number(given: Any) -> None:
    slope = sd.derivative(lambda x: x**2 / 3)
    for backend in ("numpy", "numexpr"):
        with pytest.raises((TypeError, ValueError)):
            compile_program(slope.program, backend)(given)
    if given != 2j:
        with pytest.raises((TypeError, ValueError)):
            slope(given)


def test_a_buffer_is_read_again() -> None:
    """What an argument that is not differentiated by holds may change between the calls."""
    held: list[Any] = [
        {1.0, 2.0},
        bytearray(b"ab"),
        array.array("d", [1.0, 2.0]),
        np.array([1.5, 2.5], object),
        memoryview(bytearray(b"ab")),
        np.array([True, False]),
    ]
    slope = sd.grad(lambda x, data: x**2 * sum(1.0 * part for part in data))
    for data in held:
        assert slope(0.5, data) == sum(1.0 * part for part in data)
        if isinstance(data, set):
            data.add(7.0)
        else:
            data[0] = 7
        assert slope(0.5, data) == sum(1.0 * part for part in data)


def test_masks_of_equal_shape_are_told_apart() -> None:
    slope = sd.grad(lambda x, mask: np.sum(np.where(mask, x**2, 0.0)))
    for mask in ([True, False, True], [False, False, True], [True, False, True]):
        np.testing.assert_array_equal(slope(np.ones(3), np.array(mask)), np.where(mask, 2.0, 0.0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f, g, h: f("a"), r"array 1 of 2 in the call: expected real numbers, got <U1"),
        (lambda f, g, h: f(1.0, None), r"array 2 of 2 in the call: float\(\) argument must be"),
        (lambda f, g, h: f([[1.0], [2.0, 3.0]]), r"array 1 of 2 in the call: setting an array element with a sequence"),
        (lambda f, g, h: f(), r"spring_dx(#\d+)?\(\) missing 1 required positional argument: 'x'"),
        (lambda f, g, h: f(1.0, stiffness=2.0, y=3.0), r"spring_dx(#\d+)?\(\) got an unexpected keyword argument 'y'"),
        (lambda f, g, h: g(1.0, x=2.0), r"spring\(\) got multiple values for argument 'x'"),
        (lambda f, g, h: h(np.ones(3)), r"energy\(\) misses the argument 'springs'"),
        (lambda f, g, h: h(np.ones(3), {"k": 1.0, "name": "a"}), r'springs\["name"\] is \'a\': nothing can be'),
        (lambda f, g, h: h(np.ones(3), {"k": None}), r'springs\["k"\] is None: nothing can be'),
    ],
)
def test_messages_have_the_names_of_the_user(call: Callable[..., Any], message: str) -> None:
    def spring(x: Any, stiffness: Any = 2.0) -> Any:
        return stiffness * x**2

    def energy(x: Any, springs: Any) -> Any:
        return np.sum(springs["k"] * x**2)

    with pytest.raises((TypeError, ValueError, SymdiffError), match=message):
        call(sd.derivative(spring), sd.lambdify(spring), sd.grad(energy, argnum=(0, 1)))
