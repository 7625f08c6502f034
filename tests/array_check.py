"""A random array program against plain NumPy: values against the very function, Jacobians against central differences.

In: the source of a module of `random_array_programs`. Out: the mismatches, as text; none where all is well. The
differences are taken in extended precision (`np.longdouble`), by running the same source on a NumPy whose arrays of
floats are of that kind.
"""

import operator
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd
from symdiff.callables import Recipe
from symdiff.errors import SymdiffError
from symdiff.transformed import Mode, Transformed
from tests.random_array_programs import arguments
from tests.source_check import plain

STEP = np.longdouble(1e-6)
LARGEST = 1e4
SMOOTH = 1e-3  # how much slopes on both sides may differ, of which the central difference is the mean
Point = tuple[Any, ...]
Function = Callable[..., Any]


class PreciseNumPy:
    """NumPy, in which every array of floats is one of long doubles."""

    float64 = np.longdouble

    def __getattr__(self, name: str) -> Any:
        made = getattr(np, name)
        return _MAKERS[name](made) if name in _MAKERS else made


def _precise_default(made: Function) -> Function:
    return lambda *args, dtype=np.longdouble, **options: made(*args, dtype=dtype, **options)


def _precise_floats(made: Function) -> Function:
    def precise(*args: Any, **options: Any) -> Any:
        found = made(*args, **options)
        return found.astype(np.longdouble) if found.dtype == np.float64 else found

    return precise


_MAKERS = dict.fromkeys(("zeros", "ones", "empty", "eye", "identity"), _precise_default) | dict.fromkeys(
    ("array", "asarray", "full", "linspace", "arange"), _precise_floats
)
_MAKERS["empty"] = lambda made: lambda shape, dtype=np.longdouble: made(shape, dtype)
_MAKERS["zeros"] = lambda made: lambda shape, dtype=np.longdouble: made(shape, dtype)


@dataclass(frozen=True)
class Reference:
    """A point away from kinks, with what plain NumPy gives there; the slopes are by outputs and inputs."""

    point: Point
    value: Any
    slopes: Any


def precise(text: str) -> Function:
    """The function of the source, computing with long doubles."""
    scope: dict[str, Any] = {"np": PreciseNumPy(), "float": np.longdouble, "operator": operator}
    exec(text.replace("import numpy as np\n", ""), scope)
    return scope["f"]  # type: ignore[no-any-return]


def flat(value: Any) -> Any:
    """All numbers of a result, one after the other."""
    if isinstance(value, tuple | list):
        return np.concatenate([flat(part) for part in value])
    return np.ravel(value)


def _copies(point: Point) -> list[Any]:
    return [np.copy(part) if isinstance(part, np.ndarray) else part for part in point]


def references(text: str, function: Function, seed: int, count: int) -> Iterator[Reference]:
    """Points where plain NumPy is smooth, finite and of moderate size."""
    of_numbers = "def f(x, y, z)" in text
    exact = precise(text)
    for number in range(count):
        point = arguments(1000 * seed + number, of_numbers=of_numbers)
        found = _reference(function, exact, point)
        if found is not None:
            yield found


def _reference(function: Function, exact: Function, point: Point) -> Reference | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = flat(function(*_copies(point)))
            if not np.all(np.isfinite(value)) or np.max(np.abs(value), initial=0.0) > LARGEST:
                return None
            middle = flat(exact(*_precise_copies(point)))
            if middle.shape != value.shape or not np.allclose(middle.astype(float), value, rtol=1e-9, atol=1e-9):
                return None  # a test that rounding decides
            slopes = [_slope(exact, point, part, at, middle) for part, at in _coordinates(point)]
        except (IndexError, ValueError, TypeError, UnboundLocalError):
            return None
    if any(slope is None for slope in slopes):
        return None
    return Reference(point, value, np.array(slopes).T.reshape(value.size, len(slopes)))


def _precise_copies(point: Point) -> list[Any]:
    return [
        np.array(p, np.longdouble) if _is_real(p) and np.ndim(p) else np.longdouble(p) if _is_real(p) else p
        for p in point
    ]


def _is_real(part: Any) -> bool:
    return np.asarray(part).dtype.kind == "f"


def _coordinates(point: Point) -> Iterator[tuple[int, tuple[int, ...]]]:
    for number, part in enumerate(point):
        if _is_real(part):
            yield from ((number, at) for at in np.ndindex(np.shape(part)))


def _slope(exact: Function, point: Point, part: int, at: tuple[int, ...], middle: Any) -> Any:
    """The derivatives of all outputs by one coordinate; None where a kink or a jump is near."""
    beside = []
    for sign in (1, -1, 2, -2):
        moved = _precise_copies(point)
        step = np.zeros(np.shape(moved[part]), np.longdouble)
        step[at] = sign * STEP
        moved[part] = moved[part] + (step if step.ndim else step[()])
        beside.append(flat(exact(*moved)))
    if any(each.shape != middle.shape for each in beside):
        return None
    near, far = (beside[0] - beside[1]) / (2 * STEP), (beside[2] - beside[3]) / (4 * STEP)
    slope = (4 * near - far) / 3
    ahead, behind = (beside[0] - middle) / STEP, (middle - beside[1]) / STEP
    scale = 1.0 + np.abs(slope)
    rough = (np.abs(ahead - behind) > SMOOTH * scale) | (np.abs(near - far) > 1e-6 * scale) | (np.abs(slope) > LARGEST)
    return None if np.any(rough) or not np.all(np.isfinite(slope)) else slope.astype(float)


def mismatches(
    text: str, path: Path, seed: int, *, points: int = 4, mode: Mode = "closed", against: str = ""
) -> list[str]:
    """What differs from plain NumPy in memory: value, derivatives, arguments that have changed.

    against: another source that the program is compared with.
    """
    reference = plain(path, against or text)
    expected = list(references(against or text, reference, seed, points))
    function = plain(path, text)
    names = tuple(range(3))
    values = Transformed(function, Recipe("value"), mode=mode)
    slopes = sd.jacobian(function, argnum=names, mode=mode)
    found: list[str] = []
    for each in expected:
        given = _copies(each.point)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            value, slope = flat(values(*given)), _table(slopes(*given), each)
        if value.shape != each.value.shape or not np.allclose(value, each.value, rtol=1e-9, atol=1e-9):
            found.append(f"{mode}: value {value!r}, not {each.value!r}, at {each.point}")
        elif slope.shape != each.slopes.shape or not np.allclose(slope, each.slopes, rtol=1e-6, atol=1e-6):
            found.append(f"{mode}: slopes {slope!r}, not {each.slopes!r}, at {each.point}")
        same = all(np.array_equal(one, other) for one, other in zip(given, each.point, strict=True))
        if not same:
            found.append(f"{mode}: the arguments {each.point} became {given}")
    return found


def _table(slopes: Any, reference: Reference) -> Any:
    """The Jacobian by outputs and all inputs."""
    parts = [part for part in reference.point if _is_real(part)]
    if isinstance(slopes[0], tuple):  # several outputs
        return np.concatenate([_table(each, reference) for each in slopes])
    return np.concatenate(
        [np.reshape(slope, (-1, np.size(part))) for slope, part in zip(slopes, parts, strict=True)], axis=1
    )


def followed_mismatches(text: str, path: Path, seed: int) -> list[str]:
    """What differs where the path of every call is followed; nothing where that is refused too."""
    try:
        return mismatches(text, path, seed, points=2, mode="auto")
    except SymdiffError:
        return []
