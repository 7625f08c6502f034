"""Shared variables: values that live between calls.

In: a value. Out: a symbol that stands for it in expressions. Functions read all values that they need at one moment,
and write all their updates at one moment.
"""

import itertools
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, ShapeError, short_traceback
from symdiff.symbolic.symbol import Symbol, rank_name

_moment = threading.Lock()  # held while values are read or written, never while anything is computed
_serial = itertools.count()


class Shared(Symbol):
    """A symbol with a value.

    serial: of the order in which shared variables were made, which is that in which their locks are taken.
    turn: held by a function that updates shared variables, from reading them to writing them.
    """

    __slots__ = ("_value", "numpy_dtype", "serial", "turn")

    def __init__(self, value: Any, name: str | None, borrow: bool) -> None:
        array = _array(value, borrow, name or "the shared variable")
        super().__init__(name=name, pattern=(None,) * array.ndim, dtype=array.dtype.name)
        self.numpy_dtype = array.dtype
        self.serial = next(_serial)
        self.turn = threading.RLock()
        self._value = _held(array)

    def get_value(self, borrow: bool = False) -> np.ndarray[Any, Any]:
        """A copy of the value; with `borrow=True` the array itself, which is not to be written to."""
        with _moment:
            value = self._value
        if borrow and isinstance(value, np.ndarray):
            return value
        return np.array(value, dtype=self.numpy_dtype)

    @short_traceback
    def set_value(self, value: Any, borrow: bool = False) -> None:
        """Replace the value by a copy of another one; with `borrow=True` by the array itself.

        Raises ShapeError for another number of axes, ArgumentError where the dtype cannot hold it.
        """
        array = _array(value, borrow, self.label or "the shared variable")
        if array.ndim != self.ndim:
            raise ShapeError(
                f"the shared variable {self.label} is a {rank_name(self.pattern or ())}, and the new value has shape"
                f" {array.shape}",
                origin=self.origin,
                label="is made here",
                why="The functions that use it were compiled for arrays of its rank.",
                fix=f"reshape the value, or make another variable: {self.label or 'w'} = shared(value)",
            )
        fitting = self.fitting(array)
        with self.turn, _moment:
            self._value = fitting

    def fitting(self, value: Any) -> Any:
        """A value in the dtype of the variable. Raises ArgumentError where a whole-number dtype cannot hold it."""
        if type(value) is np.float64 and self.numpy_dtype.kind == "f" and self.numpy_dtype.itemsize == 8:
            return float(value)
        array = np.asarray(value)
        if array.dtype == self.numpy_dtype:
            return _held(array)
        with np.errstate(invalid="ignore"):
            converted = array.astype(self.numpy_dtype)
        if self.numpy_dtype.kind in "biu" and not np.array_equal(converted, array):
            raise ArgumentError(
                f"the shared variable {self.label} is {self.numpy_dtype.name}: it cannot hold {_first(array)!r}",
                origin=self.origin,
                label="is made here",
                why="Its dtype is that of the value it was made with.",
                fix=f"make it of floats: {self.label or 'w'} = shared(0.0) in place of shared(0)",
            )
        return _held(converted)

    def __repr__(self) -> str:
        return self.label or "<shared variable>"

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        _, state = super().__getstate__()
        return None, state | {"_value": self._value, "numpy_dtype": self.numpy_dtype}

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        for name, value in state[1].items():
            setattr(self, name, value)
        self.serial = next(_serial)
        self.turn = threading.RLock()


@short_traceback
def shared(value: Any, name: str | None = None, borrow: bool = False) -> Shared:
    """A variable that lives between calls, and is changed by `set_value` and by the updates of functions.

    value: a number or an array; its dtype stays.
    borrow: whether the array itself is kept, and not a copy.

    Raises ArgumentError for anything that is no real number or array.

    >>> state = shared(0)
    >>> state.set_value(-1)
    >>> state.get_value()
    array(-1)
    """
    return Shared(value, name, borrow)


def present(variables: Sequence[Shared]) -> list[Any]:
    """The values of the variables, all of one moment."""
    with _moment:
        return [variable._value for variable in variables]


def replace(variables: Sequence[Shared], values: Sequence[Any]) -> None:
    """Give every variable its new value, or none of them."""
    fitting = [
        value
        if type(value) is np.ndarray and value.dtype is variable.numpy_dtype and value.shape
        else variable.fitting(value)
        for variable, value in zip(variables, values, strict=True)
    ]
    with _moment:
        before = [variable._value for variable in variables]
        try:
            for variable, value in zip(variables, fitting, strict=True):
                variable._value = value
        except BaseException:  # an interrupt between two of them
            for variable, value in zip(variables, before, strict=True):
                variable._value = value
            raise


def _array(value: Any, borrow: bool, what: str) -> np.ndarray[Any, Any]:
    if isinstance(value, Symbol):
        raise ArgumentError(
            f"{what} holds a value, not a symbol",
            fix="w = shared(numpy.zeros(3)), and function([x], updates={w: x}), whose calls set it",
        )
    try:
        array = np.asarray(value) if borrow else np.array(value)
    except ValueError:
        raise ArgumentError(
            f"{what} cannot hold a ragged list: {value!r:.60}",
            fix="rows of one length, or a shared variable for each row",
        ) from None
    if array.dtype.kind not in "biuf":
        raise ArgumentError(
            f"{what} cannot hold {value!r:.60}: it takes real numbers and arrays of them",
            fix="shared(value.real) and shared(value.imag), as two variables"
            if array.dtype.kind == "c"
            else "shared(numpy.asarray(value, dtype=float))",
        )
    return array


def _held(array: np.ndarray[Any, Any]) -> Any:
    """What is kept: numbers as Python floats, which scalar code takes fastest; integers beyond 2**53 as they are."""
    if array.ndim:
        return array
    number = array.item()
    return float(number) if float(number) == number or number != number else number


def _first(array: np.ndarray[Any, Any]) -> Any:
    whole = np.ravel(array)
    odd = whole[whole != np.round(whole)]
    return (odd if odd.size else whole)[0].item()
