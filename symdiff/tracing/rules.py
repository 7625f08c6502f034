"""The table of traceable functions: what `math.hypot`, `np.clip` or `max` do to tracers.

In: a function object, however the user imported it. Out: its rule, which takes the user's arguments with nodes for
tracers and returns nodes. The table of operations contributes its rows and composites by their dotted names; everything
else is registered with `@rule(...)`, which comes first.
"""

import importlib
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from symdiff.ops.table import TRACES

RuleT = TypeVar("RuleT", bound=Callable[..., Any])


class Rule(NamedTuple):
    """A rule and the name of its function.

    is_elementwise: the rule comes from the table of operations, and takes nodes only.
    makes_views: in NumPy, the result may look into the memory of the argument.
    """

    name: str
    apply: Callable[..., Any]
    is_elementwise: bool = False
    makes_views: bool = False


_rules: dict[int, tuple[Any, Rule]] = {}  # by identity: not every callable has a hash
_waiting: set[str] = {"numpy", "scipy"}  # packages whose entries of TRACES are not resolved yet


def rule(*names: str, makes_views: bool = False) -> Callable[[RuleT], RuleT]:
    """Registers the decorated rule for the functions of these dotted names; what this installation lacks is skipped."""

    def register(function: RuleT) -> RuleT:
        for name in names:
            _add(Rule(name, function, makes_views=makes_views))
        return function

    return register


def rule_of(function: Any) -> Rule | None:
    """The rule of a function, or None."""
    if _waiting:
        _load_operations()
    target, found = _rules.get(id(function), (None, None))
    return found if target is function else None


def rule_named(name: str) -> Rule:
    """The rule of the function with this dotted name."""
    found = rule_of(_resolve(name))
    assert found is not None, name
    return found


def known_names() -> list[str]:
    """The dotted names of all functions with a rule, sorted."""
    rule_of(None)
    return sorted(found.name for _, found in _rules.values())


def _load_operations() -> None:
    """Enters the table of operations. SciPy's names wait until somebody imports it."""
    if "numpy" in _waiting:
        _waiting.discard("numpy")
        _enter(name for name in TRACES if not name.startswith("scipy"))
    if "scipy.special" in sys.modules:
        _waiting.discard("scipy")
        _enter(name for name in TRACES if name.startswith("scipy"))


def _enter(names: Iterable[str]) -> None:
    for name in names:
        _add(Rule(name, TRACES[name], is_elementwise=True))


def _add(entry: Rule) -> None:
    target = _resolve(entry.name)
    if target is not None:
        _rules.setdefault(id(target), (target, entry))


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
