"""The table of traceable functions: what `math.hypot`, `np.clip` or `max` do to tracers.

In: a function object, however the user imported it. Out: its rule, which takes the user's arguments with nodes for
tracers and returns nodes. The table of operations contributes its rows and composites by their dotted names; everything
else is registered with `@rule(...)`, which comes first.
"""

import sys
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from symdiff.ops.table import TRACES

RuleT = TypeVar("RuleT", bound=Callable[..., Any])


class Rule(NamedTuple):
    """A rule and the name of its function.

    is_elementwise: the rule comes from the table of operations, and takes nodes only.
    makes_views: in NumPy, the result may look into the memory of the argument.
    calls_back: it takes a function of the user's, which may hold traced values where the arguments are plain.
    """

    name: str
    apply: Callable[..., Any]
    is_elementwise: bool = False
    makes_views: bool = False
    calls_back: bool = False


class Given:
    """The result of a rule that is an object of the user's, and not made of nodes."""

    def __init__(self, value: Any) -> None:
        self.value = value


_rules: dict[int, tuple[Any, Rule]] = {}  # by identity: not every callable has a hash
_by_name: dict[str, Rule] = {}
_on_paths: dict[str, Rule] = {}
_lock = threading.Lock()
_waiting: dict[str, list[Rule]] = {}  # by module: its functions are looked up once somebody has imported it


def rule(*names: str, makes_views: bool = False, calls_back: bool = False) -> Callable[[RuleT], RuleT]:
    """Registers the decorated rule for the functions of these dotted names; what this installation lacks is skipped."""

    def register(function: RuleT) -> RuleT:
        for name in names:
            _add(Rule(name, function, makes_views=makes_views, calls_back=calls_back))
        return function

    return register


def path_rule(*names: str) -> Callable[[RuleT], RuleT]:
    """Registers the decorated rule for traces that follow the path of one input; no other trace has it."""

    def register(function: RuleT) -> RuleT:
        _on_paths.update({name: Rule(name, function) for name in names})
        return function

    return register


def path_rule_named(name: str) -> Rule | None:
    """The rule that a function of this dotted name has where the path of one input is followed."""
    return _on_paths.get(name)


def rule_of(function: Any) -> Rule | None:
    """The rule of a function, or None."""
    imported = [module for module in list(_waiting) if module in sys.modules]
    if imported:
        _look_up(imported)
    target, found = _rules.get(id(function), (None, None))
    return found if target is function else None


def _look_up(modules: list[str]) -> None:
    """Finds the functions of the modules; they wait no longer once all are known."""
    with _lock:
        for module in modules:
            for entry in _waiting.get(module, ()):
                target = getattr(sys.modules[module], entry.name.rpartition(".")[2], None)
                if target is not None:
                    _rules.setdefault(id(target), (target, entry))
            _waiting.pop(module, None)


def rule_named(name: str) -> Rule:
    """The rule of the function with this dotted name."""
    return _by_name[name]


def _add(entry: Rule) -> None:
    """Enters a rule, to be found by its function once that can have been used."""
    if _by_name.setdefault(entry.name, entry) is entry:
        _waiting.setdefault(entry.name.rpartition(".")[0], []).append(entry)


def add_operations() -> None:
    """Enters the table of operations; rules of the tracer's own have been entered before, and stay."""
    for name, function in TRACES.items():
        _add(Rule(name, function, is_elementwise=True))
