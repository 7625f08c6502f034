"""The backends by name."""

import difflib

from symdiff.backends.base import Backend
from symdiff.backends.numexpr import NumExpr
from symdiff.backends.numpy import NumPy
from symdiff.backends.pymath import PyMath
from symdiff.errors import BackendError

BACKENDS: dict[str, Backend] = {backend.name: backend for backend in (NumPy(), NumExpr(), PyMath())}


def backend_named(name: str) -> Backend:
    """The backend, or a BackendError with the nearest name.

    >>> backend_named("numpy").name
    'numpy'
    """
    found = BACKENDS.get(name)
    if found is None:
        near = difflib.get_close_matches(str(name), BACKENDS, 1)
        raise BackendError(
            f"there is no backend {name!r}",
            why=f"The backends are {', '.join(BACKENDS)}.",
            fix=f'backend="{near[0] if near else "numpy"}"',
        )
    return found
