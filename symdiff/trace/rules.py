"""The table of traceable functions: what `math.hypot`, `np.clip` or `max` do to tracers.

In: a function object, however the user imported it. Out: its rule, which takes the user's arguments and returns nodes.
Rows of the table of operations come by their own `traces`; everything else is registered with `@rule(...)`.
"""

import importlib
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from symdiff.ops.row import Op
from symdiff.ops.table import OPS

Rule = Callable[..., Any]
RuleT = TypeVar("RuleT", bound=Rule)

_RULES: dict[int, tuple[Any, str, Rule]] = {}  # by identity: not every callable has a hash
_loaded_modules: set[str] = set()


def rule(*names: str) -> Callable[[RuleT], RuleT]:
    """Registers the decorated rule for the functions of these dotted names. Names this platform lacks are passed over."""

    def register(function: RuleT) -> RuleT:
        for name in names:
            target = _resolve(name)
            if target is not None:
                _RULES[id(target)] = (target, name, function)
        return function

    return register


def rule_of(function: Any) -> tuple[str, Rule] | None:
    """The name and the rule of a function, or None."""
    _load_rows()
    known = _RULES.get(id(function))
    return None if known is None or known[0] is not function else known[1:]


def row_of(name: str) -> Op:
    """The row that a function, given by its dotted name, traces to."""
    _load_rows()
    found = _RULES[id(_resolve(name))][2]
    assert isinstance(found, Op)
    return found


def _load_rows() -> None:
    """Registers the rows' functions. Those of a module that is not imported cannot have been used, and can wait."""
    for op in OPS.values() if not _loaded_modules else ():
        for name in op.traces:
            if not name.startswith("scipy"):
                _register_row(name, op)
    if not _loaded_modules:
        _loaded_modules.add("numpy")
    if "scipy.special" in sys.modules and "scipy.special" not in _loaded_modules:
        _loaded_modules.add("scipy.special")
        for op in OPS.values():
            for name in op.traces:
                if name.startswith("scipy"):
                    _register_row(name, op)


def _register_row(name: str, op: Op) -> None:
    target = _resolve(name)
    if target is not None:
        _RULES.setdefault(id(target), (target, name, op))


def _resolve(name: str) -> Any:
    """The object of a dotted name, `numpy.linalg.norm`; None where this installation lacks it."""
    parts = name.split(".")
    for split in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            found = getattr(found, part, None)
        return found
    return None
