"""symdiff: a plain Python function in; a closed form, its derivatives, and fast standalone source out.

The public names, and the modules they come from, stand in `__init__.pyi`, for type checkers and for this module alike.
They are imported when first used: neither NumPy nor SymPy is loaded before.
"""

from functools import cache
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name.startswith("__") and name != "__all__":
        raise AttributeError(f"module 'symdiff' has no attribute {name!r}")
    homes = _homes()
    if name == "__all__":
        return sorted(homes)
    if name not in homes:
        raise AttributeError(f"module 'symdiff' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(homes[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*_homes(), "__version__"])


@cache
def _homes() -> dict[str, str]:
    """The module of every public name, as the stub imports them."""
    import ast
    from pathlib import Path

    stub = ast.parse(Path(__file__).with_suffix(".pyi").read_text("utf-8"))
    imports = [line for line in stub.body if isinstance(line, ast.ImportFrom) and line.module is not None]
    return {alias.name: line.module for line in imports for alias in line.names}
