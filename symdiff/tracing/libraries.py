"""Whose code it is: the user's, which is traced, or a library's, which is called.

In: the file of some code, a function, a class. Out: whether it is the standard library's or a numeric package's.
"""

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

_PACKAGE = str(Path(__file__).parents[1]) + os.sep
_STANDARD_LIBRARY = str(Path(os.__file__).parent) + os.sep
_LIBRARY_PACKAGES = frozenset(
    {"numpy", "scipy", "sympy", "mpmath", "symdiff", "pandas", "jax", "autograd", "numba", "torch"}
)
_NUMERIC_PACKAGES = frozenset({"math", "cmath", "statistics", "numpy", "scipy"})


def is_library(filename: str) -> bool:
    """Whether the code is the standard library's or a numeric package's, which is called and not traced."""
    if filename.startswith(("<frozen", _PACKAGE)):
        return True
    if "site-packages" in filename:
        return Path(filename.split("site-packages", 1)[1]).parts[1] in _LIBRARY_PACKAGES
    return filename.startswith(_STANDARD_LIBRARY)


def is_class_of_library(kind: type) -> bool:
    """Whether a class is defined in such a module."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return is_library(file) if file else kind.__module__.partition(".")[0] in sys.stdlib_module_names


def is_numeric(function: Any) -> bool:
    """Whether a function computes with numbers, so that it must be refused by name where it has no rule."""
    owner = (
        getattr(function, "__module__", None) or getattr(getattr(function, "__self__", None), "__name__", None) or ""
    )
    return isinstance(function, np.ufunc) or str(owner).split(".")[0] in _NUMERIC_PACKAGES
