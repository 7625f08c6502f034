"""The wiring of a function with other shared variables in the places of its own.

In: a wiring, and pairs of shared variables. Out: a wiring.
"""

from typing import Any

from symdiff.errors import ShapeError, SymbolError
from symdiff.symbolic.shared_variables import Shared
from symdiff.symbolic.substitution import clone
from symdiff.symbolic.symbol import Symbol, rank_name
from symdiff.symbolic.wiring import Wiring, pairs_of, wire


def swapped(wiring: Wiring, given: Any, *, delete_updates: bool) -> Wiring:
    """The wiring after the swap. Raises SymbolError and ShapeError for variables that do not fit."""
    swap = dict(pairs_of(given, "swap"))
    for old, new in swap.items():
        _check(wiring, old, new)

    def placed(value: Any) -> Any:
        return clone(value, swap) if swap and isinstance(value, Symbol) else value

    outputs = None if wiring.structure is None else wiring.structure.unflatten(list(map(placed, wiring.outputs)))
    updates = [] if delete_updates else [(swap.get(old, old), placed(value)) for old, value in wiring.updates]
    givens = [(swap.get(old, old), placed(value)) for old, value in wiring.givens]
    return wire(wiring.inputs, outputs, updates, givens, "ignore")


def _check(wiring: Wiring, old: Any, new: Any) -> None:
    for variable in (old, new):
        if not isinstance(variable, Shared):
            raise SymbolError(
                f"only shared variables are swapped, and {variable!r:.60} is none",
                origin=getattr(variable, "origin", None),
                fix="swap={state: other}, both made by shared(value)",
            )
    used = dict.fromkeys([*wiring.shared, *(changed for changed, _ in wiring.updates)])
    if old not in used:
        raise SymbolError(
            f"the function does not use the shared variable {old!r}",
            origin=old.origin,
            label="is made here",
            why=f"Those that it uses are {', '.join(map(repr, used))}." if used else "It uses none.",
            fix=f"swap={{{next(iter(used))!r}: {old!r}}}" if used else "f.copy() without a swap",
        )
    if old.ndim != new.ndim:
        raise ShapeError(
            f"{new!r} is a {rank_name(new.pattern)}, and is to take the place of the {rank_name(old.pattern)} {old!r}",
            origin=new.origin,
            label="is made here",
            why="What takes the place of a variable has its rank.",
            fix="shared(value.reshape(…)), a shared variable of the same rank",
        )
