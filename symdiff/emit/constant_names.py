"""What constants are called in a module: as in the user's code, with an underscore.

In: the arrays and numbers of a program, and the names under which the traced function has read or made them. Out:
`_DATA` for what was read as `DATA` or as `self.DATA`, `_R` for `R = 8.314`, the same in every function of a module, so
that it stands there once.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from symdiff.emit.allow_list import BUILTINS
from symdiff.emit.names import MODULES, TYPES
from symdiff.emit.support import SUPPORT_FILES, definitions
from symdiff.ir.nodes import Const
from symdiff.origin import constants_in


def names_of_arrays(
    arrays: Sequence[Const], read: Iterable[tuple[str, Any]], taken: Collection[str]
) -> dict[Const, str]:
    """The names of the arrays that the user's function has read; no name twice, and none that is taken."""
    named: dict[Const, str] = {}
    for path, value in read:
        name = f"_{path.rpartition('.')[2].strip('_')}"
        if not isinstance(value, np.ndarray) or not _is_free(name, taken) or name in named.values():
            continue
        same = next((node for node in arrays if node not in named and _is(node, value)), None)
        if same is not None:
            named[same] = name
    return named


@dataclass
class ModuleConstants:
    """The constants that the functions of a module share.

    name: of the module's function, which stands before the numbers of arrays that have no name of the user's.
    numbers: the names of numbers.
    arrays: the names of arrays, as they are given.
    """

    name: str
    numbers: Mapping[float, str] = field(default_factory=dict)
    arrays: dict[Const, str] = field(default_factory=dict)

    def array_name(self, node: Const) -> str:
        """The name of an array that the user has none for."""
        return self.arrays.setdefault(node, f"_{self.name}_constant_{len(self.arrays)}")


def names_of_numbers(
    read: Iterable[tuple[str, Any]], codes: Iterable[CodeType], taken: Collection[str]
) -> dict[float, str]:
    """The names of the numbers that the user's functions have read or hold in a variable of their own.

    A number that any formula may contain, 2.0 or 0.5, is no constant of the user's because it has the same value.
    """
    known: dict[str, set[float]] = {}
    for path, value in [*read, *(pair for code in codes for pair in constants_in(code))]:
        name = f"_{path.rpartition('.')[2].strip('_')}"
        if isinstance(value, float) and _is_free(name, taken):
            known.setdefault(name, set()).add(float(value))
    names: dict[float, str] = {}
    for name, values in known.items():
        value = values.pop()
        if not values and _is_telling(value):
            names.setdefault(value, name)
    return names


def _is_telling(value: float) -> bool:
    """Whether the number says by itself what it is: 8.314, 299792458.0, but not 0.5, 100.0, 0.125 or nan."""
    digits = "".join(filter(str.isdigit, repr(value).partition("e")[0])).strip("0")
    return math.isfinite(value) and len(digits) >= 3 and (abs(value) > 1000.0 or not (1024.0 * value).is_integer())


def _is_free(name: str, taken: Collection[str]) -> bool:
    return name.isidentifier() and name != "_" and name not in taken and name not in names_in_use()


def _is(node: Const, value: np.ndarray[Any, Any]) -> bool:
    return (
        node.shape == value.shape and value.dtype.kind in "fiub" and np.array_equal(node.value, value, equal_nan=True)
    )


@lru_cache(maxsize=1)
def names_in_use() -> frozenset[str]:
    """What generated code means by a name, whether a module does or not: a name must not hang on the formula."""
    support = {f"_{name.lstrip('_')}" for module in SUPPORT_FILES for name in definitions(module)}
    return frozenset({*BUILTINS, *MODULES, *TYPES, *support})
