"""A random program against plain Python: values against the very function, gradients against central differences.

In: the source of a module with `f(x, y, z)`. Out: the mismatches, as text; none where all is well. The differences are
taken in 60 digits, by running the same source on mpmath's numbers.
"""

import importlib.util
import math
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np

import symdiff as sd
from symdiff.algebra.passes import simplify
from symdiff.calculus.derivatives import derive
from symdiff.errors import SymdiffError
from symdiff.ir.check import check
from symdiff.ir.program import Program
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function

NAMES = ("x", "y", "z")
STEP = mpmath.mpf(10) ** -20
LARGEST = 1e6  # of values and slopes that are compared: beyond, rounding alone would show
Function = Callable[..., Any]
Point = tuple[float, ...]


@dataclass(frozen=True)
class Reference:
    """A point away from kinks, with the value and the gradient of plain Python there."""

    point: Point
    value: float
    gradient: tuple[float, ...]


def plain(path: Path, text: str) -> Function:
    """The function of the source, written to a file so that its source is known."""
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module.f  # type: ignore[no-any-return]


def precise(text: str) -> Function:
    """The function of the source, computing with mpmath's numbers."""
    elementary = ("sin", "cos", "tanh", "atan", "exp", "sqrt", "log", "asin")
    mathematics = SimpleNamespace(floor=lambda x: int(mpmath.floor(x)))
    arrays = SimpleNamespace(
        zeros=lambda n: np.array([mpmath.mpf(0)] * n, dtype=object),
        ones=lambda n: np.array([mpmath.mpf(1)] * n, dtype=object),
        array=lambda values: np.array(values, dtype=object),
        where=np.where,
        concatenate=np.concatenate,
    )
    for name in elementary:
        setattr(mathematics, name, _real(getattr(mpmath, name)))
        setattr(arrays, name, getattr(mpmath, name))
    scope: dict[str, Any] = {
        "math": mathematics,
        "np": arrays,
        "round": lambda x: int(mpmath.nint(x)),
        "float": mpmath.mpf,
    }
    exec(text.replace("import math\n", "", 1).replace("import numpy as np\n", ""), scope)
    return scope["f"]  # type: ignore[no-any-return]


def _real(function: Function) -> Function:
    """The function, which raises outside of its domain as that of `math` does."""

    def checked(x: Any) -> Any:
        if x == 0 and function is mpmath.log:
            raise ValueError
        value = function(x)
        if isinstance(value, mpmath.mpc):
            raise ValueError
        if abs(value) > sys.float_info.max:
            raise OverflowError
        return value

    return checked


def references(text: str, function: Function, seed: int, count: int) -> Iterator[Reference]:
    """Points where plain Python is smooth, finite and of moderate size."""
    rng = random.Random(seed)
    exact = precise(text)
    for _ in range(count):
        point = tuple(rng.uniform(-2.5, 2.5) for _ in NAMES)
        found = _reference(function, exact, point)
        if found is not None:
            yield found


def _reference(function: Function, exact: Function, point: Point) -> Reference | None:
    try:
        value = float(function(*point))
    except OverflowError:
        return None
    with mpmath.workdps(60):
        centre = [mpmath.mpf(coordinate) for coordinate in point]
        middle = exact(*centre)
        if not math.isfinite(value) or abs(value) > LARGEST or abs(middle - value) > 1e-9 * (1 + abs(value)):
            return None  # a test that rounding decides, or rounding that grows
        gradient = []
        for axis in range(len(point)):
            ahead, behind = (
                exact(*[c + sign * STEP * (at == axis) for at, c in enumerate(centre)]) for sign in (1, -1)
            )
            slopes = (ahead - middle) / STEP, (middle - behind) / STEP
            slope = float((slopes[0] + slopes[1]) / 2)
            if abs(slopes[0] - slopes[1]) > 1e-9 * (1 + abs(slope)) or abs(slope) > LARGEST:
                return None  # a kink
            gradient.append(slope)
    return Reference(point, value, tuple(gradient))


def gradient_program(function: Function) -> Program:
    """Value and gradient as they are compiled."""
    traced = simplify(trace_function(function), level="fast")
    return simplify(derive(traced, "value_and_grad", NAMES, simplify), level="fast")


def mismatches(text: str, path: Path, seed: int, *, points: int = 6, against: str = "") -> list[str]:
    """What differs from plain Python, in `numpy` and `math`, in memory and on whole arrays.

    against: another source that the program is compared with.
    """
    reference = against or text
    expected = list(references(reference, plain(path, reference), seed, points))
    program = gradient_program(plain(path, text))
    check(program)
    found: list[str] = []
    for backend in ("math", "numpy"):
        compiled = compile_program(program, backend)
        for reference in expected:
            value, gradient = compiled(*reference.point)
            found += _differences(backend, reference, value, gradient)
    if expected and program.is_elementwise:
        columns = np.array([reference.point for reference in expected]).T
        values, gradients = compiled(*columns)
        values = np.broadcast_to(values, len(expected))
        gradients = [np.broadcast_to(slope, len(expected)) for slope in gradients]
        for at, reference in enumerate(expected):
            found += _differences("arrays", reference, values[at], [slope[at] for slope in gradients])
    return found


def failures(
    programs: Mapping[int, str],
    folder: Path,
    *,
    refusals: tuple[type[SymdiffError], ...],
    most_refused: float,
    follows: bool = False,
    compare: Callable[..., list[str]] | None = None,
    compare_followed: Callable[..., list[str]] | None = None,
) -> dict[int, list[str]]:
    """What differs, by seeds; and what is refused, where more programs are than the share that may be.

    refusals: the reasons that are known. follows: whether the paths of what is refused are compared. compare,
    compare_followed: what tells the mismatches, of programs that do not take three numbers.
    """
    compare, compare_followed = compare or mismatches, compare_followed or followed_mismatches
    found: dict[int, list[str]] = {}
    refused: dict[int, list[str]] = {}
    for seed, text in programs.items():
        path = folder / f"seed_{seed}.py"
        try:
            found[seed] = compare(text, path, seed, points=4)
        except refusals as error:
            refused[seed] = [str(error)]
            found[seed] = compare_followed(text, path, seed) if follows else []
    differing = {seed: differences for seed, differences in found.items() if differences}
    return differing | (refused if len(refused) > most_refused * len(programs) else {})


def _differences(backend: str, reference: Reference, value: Any, gradient: Any) -> Iterator[str]:
    if not math.isclose(value, reference.value, rel_tol=1e-9, abs_tol=1e-9):
        yield f"{backend}: value {value!r}, not {reference.value!r}, at {reference.point}"
    for name, slope, exact in zip(NAMES, gradient, reference.gradient, strict=True):
        if not math.isclose(slope, exact, rel_tol=1e-7, abs_tol=1e-7):
            yield f"{backend}: slope by {name} {slope!r}, not {exact!r}, at {reference.point}"


def followed_mismatches(text: str, path: Path, seed: int, *, points: int = 2) -> list[str]:
    """What differs from plain Python where the path of every call is followed."""
    function = plain(path, text)
    followed = sd.value_and_grad(function, argnum=tuple(range(len(NAMES))), mode="guarded")
    found: list[str] = []
    for reference in references(text, function, seed, points):
        value, gradient = followed(*reference.point)
        found += _differences("guarded", reference, value, gradient)
    return found
