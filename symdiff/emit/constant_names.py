"""What constant arrays are called in a module: as in the user's code, with an underscore.

In: the arrays of a program, and the names under which the traced function has read arrays. Out: `_DATA` for what was
read as `DATA` or as `self.DATA`, the same in every function of a module, so that it stands there once.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from symdiff.emit.allow_list import BUILTINS
from symdiff.emit.names import MODULES, TYPES
from symdiff.emit.support import SUPPORT_FILES, definitions
from symdiff.ir.nodes import Const


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
