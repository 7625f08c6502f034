"""The catalogue: every error class by its code, and what `symdiff explain` prints of it.

In: a code. Out: its explanation, or an error that suggests a code.
"""

import inspect

from symdiff.errors.base import SymdiffError
from symdiff.errors.message import closest
from symdiff.errors.usage import ArgumentError


def catalogue() -> dict[str, type[SymdiffError]]:
    """Every error class by its code, in the order of codes."""
    classes = [SymdiffError]
    for known in classes:
        classes += known.__subclasses__()
    return {known.code: known for known in sorted(classes, key=lambda known: known.code)}


def explain(code: str) -> str:
    """What an error means, with a program that fails, its message, and the program mended. Raises ArgumentError.

    >>> explain("sd201").splitlines()[0]
    'SD201 ArgumentError'
    """
    known = catalogue()
    wanted = code.strip().upper()
    if wanted not in known:
        raise ArgumentError(
            f"there is no error code {code!r}",
            why=f"The codes are {', '.join(known)}.",
            fix=f"symdiff explain {closest(wanted, known) or ArgumentError.code}",
        )
    return f"{wanted} {known[wanted].__name__}\n\n{inspect.getdoc(known[wanted])}"
