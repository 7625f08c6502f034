"""How a loop that will never end is told from one that is long: it looks back at what its condition depends on.

In: a round. Out: what of the state to keep for that, and whether the loop is stuck, in terms of what it was and what it
is now.

A loop looks back after 840 rounds, and whenever it has made twice as many. Nothing but the state decides how it goes
on: where all that the condition depends on has come back to what it was, it will do so for ever. 840 is divisible by 1
to 8, so values that come back after so many rounds, or after a product of these, are found. A counter that they are
computed from never comes back. There it is enough that nothing new can be learnt of what is asked about: numbers were
infinite or nan and are so now, and are made of each other by sums, products and the like, which keep them so; a counter
has left the number behind that it is compared with. At its last look the loop is stopped in any case, if no counter
brings it to its end.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from symdiff.ir import make
from symdiff.ir.loops import kept_positions
from symdiff.ir.nodes import Body, Const, Input, Map, Node, Select
from symdiff.ir.program import topological
from symdiff.ops import elementary, piecewise
from symdiff.ops.row import Op
from symdiff.origin import shown_place

FIRST_LOOK = 840
LAST_LOOK = 840 * 2**13
SOONER = 2**3  # times, where rounds compute arrays, which takes longer; and where they are kept, which takes memory
NEVER_ENDS = "this loop never ends"

_TURNED: dict[Op, Op] = {
    piecewise.less: piecewise.greater,
    piecewise.less_equal: piecewise.greater_equal,
    piecewise.greater: piecewise.less,
    piecewise.greater_equal: piecewise.less_equal,
}
_LOGIC = (piecewise.logical_and, piecewise.logical_or, piecewise.logical_not)
_CARRY_BOTH = (elementary.add, elementary.subtract, elementary.multiply)
_CARRY_FIRST = (elementary.divide, elementary.negative, elementary.sqrt, elementary.log, piecewise.absolute)


def never_ends(node: Node, last_look: int = LAST_LOOK) -> str:
    """What is said of a loop that never ends, or is stopped at its last look, with the line of the user's."""
    place = shown_place(node.origin)
    problem = f"{NEVER_ENDS}, or not within {last_look:,} rounds"
    return f"{place}: {problem}" if place else problem


class LookBack(NamedTuple):
    """What a loop looks back at.

    positions: of the state that is kept. before: Inputs for what it was. is_stuck: where the loop never ends.
    """

    positions: tuple[int, ...]
    before: tuple[Input, ...]
    is_stuck: Node


def look_back(body: Body) -> LookBack | None:
    """What a loop looks back at, always the same for the same body; None where a counter ends it.

    Without positions where nothing could tell: such a loop is only stopped at its last look.
    """
    if "look back" not in body.derived:
        body.derived["look back"] = None if _is_counted(body) else _look_back(body)
    found: LookBack | None = body.derived["look back"]
    return found


def _look_back(body: Body) -> LookBack:
    needed = kept_positions(body, [])
    if all(_step(body, body.state[at]) is None for at in needed):
        return _compared(body, needed, lambda now, before: _is_same(now, before, body.condition))
    comparisons = _asked(body)
    passed = {each: past for each in comparisons if (past := _passed(body, each)) is not None}
    lost = _lost_together(body, needed, [each for each in comparisons if each not in passed])
    if not comparisons or lost is None:
        return LookBack((), (), make.constant(False))
    found = _compared(body, lost, _is_lost)
    return found._replace(is_stuck=_all([body.condition, *passed.values(), found.is_stuck]))


def _compared(body: Body, positions: Sequence[int], compare: Callable[[Node, Node], Node]) -> LookBack:
    state = [body.state[at] for at in positions]
    before = tuple([Input(f"past_{each.name.strip('_')}", each.shape, each.dtype) for each in state])
    return LookBack(tuple(positions), before, _all(map(compare, state, before)))


def _all(conditions: Iterable[Node]) -> Node:
    return reduce(piecewise.logical_and, conditions, make.constant(True))


def _is_same(now: Node, before: Node, condition: Node) -> Node:
    """Whether a value is what it was, where nan is nan."""
    if now.dtype == "bool":
        same = make.select(now, before, piecewise.logical_not(before))
    else:
        same = piecewise.equal(now, before)
        if not _ends_at_nan(condition, now):
            same = piecewise.logical_or(same, piecewise.logical_and(piecewise.isnan(now), piecewise.isnan(before)))
    return make.reduce("all", same) if same.shape else same


def _ends_at_nan(condition: Node, number: Node) -> bool:
    """Whether the condition does not hold where the number is nan."""
    return any(
        isinstance(each, Map) and each.op in _TURNED and any(number in _carried(arg) for arg in each.args)
        for each in _conjuncts(condition)
    )


def _conjuncts(condition: Node) -> Iterator[Node]:
    """What holds where the condition does."""
    pending = [condition]
    while pending:
        node = pending.pop()
        if isinstance(node, Select) and node.args[2] is make.constant(False):
            pending += node.args[:2]
        else:
            yield node


# -- counters -----------------------------------------------------------------------------------------------------


def _is_counted(body: Body) -> bool:
    """Whether a counter comes to a limit that stays where it is, and ends the loop there."""
    for each in _conjuncts(body.condition):
        if isinstance(each, Map) and each.op in _TURNED:
            first, second = each.args
            if _reaches(body, first, second, each.op) or _reaches(body, second, first, _TURNED[each.op]):
                return True
    return False


def _reaches(body: Body, counter: Node, limit: Node, op: Op) -> bool:
    """Whether what is to be below a limit grows, or what is to be above it falls."""
    step = _step(body, counter)
    if not isinstance(step, Const) or step.shape or _depends_on_state(body, limit):
        return False
    is_below = op in (piecewise.less, piecewise.less_equal)
    return bool(step.value > 0.0 if is_below else step.value < 0.0)


def _passed(body: Body, comparison: Node) -> Node | None:
    """Where a counter has left the number behind that it is compared with, so that nothing changes any more.

    None for another comparison.
    """
    assert isinstance(comparison, Map)
    if comparison.op not in _TURNED:
        return None
    for counter, limit in (comparison.args, comparison.args[::-1]):
        step = _step(body, counter)
        if isinstance(step, Const) and not step.shape and step.value and not _depends_on_state(body, limit):
            return make.apply(piecewise.greater if step.value > 0.0 else piecewise.less, [counter, limit])
    return None


def _step(body: Body, number: Node) -> Node | None:
    """What is added to a number in every round, always the same; None for any other."""
    if number not in body.state or number.dtype != "real":
        return None
    output = body.outputs[body.state.index(number)]
    if not isinstance(output, Map) or output.op not in (elementary.add, elementary.subtract):
        return None
    first, second = output.args
    if first is number and not _depends_on_state(body, second):
        return second if output.op is elementary.add else -second
    if second is number and output.op is elementary.add and not _depends_on_state(body, first):
        return first
    return None


def _depends_on_state(body: Body, node: Node) -> bool:
    return not set(body.state).isdisjoint(topological([node]))


# -- numbers that are lost ----------------------------------------------------------------------------------------


def _is_lost(now: Node, before: Node) -> Node:
    """Whether a number is infinite or nan, and was."""
    is_or_was_finite = piecewise.logical_or(piecewise.isfinite(now), piecewise.isfinite(before))
    return make.apply(piecewise.logical_not, [is_or_was_finite])


def _lost_together(body: Body, needed: Iterable[int], comparisons: Iterable[Node]) -> list[int] | None:
    """The numbers that comparisons ask about, which stay infinite or nan once all are; None if one has no such."""
    made_of: dict[Node, frozenset[Node]] = {
        state: _carried(output) for state, output in zip(body.state, body.outputs, strict=True)
    }
    staying: set[Node] = {
        body.state[at]
        for at in needed
        if body.state[at].dtype == "real" and not body.state[at].shape and _step(body, body.state[at]) is None
    }
    while leaving := [each for each in staying if made_of[each].isdisjoint(staying)]:
        staying.difference_update(leaving)
    asked = [set().union(*map(_carried, each.args)) & staying for each in comparisons]
    if not all(asked):
        return None
    lost: set[Node] = set().union(*asked)
    while open_ := [each for each in lost if made_of[each].isdisjoint(lost)]:
        lost.update(*(made_of[each] & staying for each in open_))
    return [at for at in needed if body.state[at] in lost]


def _asked(body: Body) -> list[Node]:
    """The comparisons that decide whether the loop goes on, also those that flags remember; none if others do too."""
    flags = dict(zip(body.state, body.outputs, strict=True))
    found: dict[Node, None] = {}
    pending, seen = [body.condition], set[Node]()
    while pending:
        node = pending.pop()
        if node in seen or isinstance(node, Const):
            continue
        seen.add(node)
        if isinstance(node, Input):
            pending += [flags[node]] if node in flags else []
        elif isinstance(node, Select) or (isinstance(node, Map) and node.op in _LOGIC):
            pending += node.args
        elif isinstance(node, Map) and all(arg.dtype == "real" for arg in node.args):
            found[node] = None
        else:
            return []
    return list(found)


def _carried(node: Node) -> frozenset[Node]:
    """The Inputs of which each one alone, where it is infinite or nan, makes the node infinite or nan."""
    known: dict[Node, frozenset[Node]] = {}
    for each in topological([node]):
        of_args = [known[arg] for arg in each.args]
        if isinstance(each, Input):
            known[each] = frozenset((each,))
        elif isinstance(each, Map) and each.op in _CARRY_BOTH:
            known[each] = of_args[0] | of_args[1]
        elif isinstance(each, Map) and (each.op in _CARRY_FIRST or _is_growing_power(each)):
            known[each] = of_args[0]
        else:
            known[each] = frozenset()
    return known[node]


def _is_growing_power(node: Map) -> bool:
    exponent = node.args[-1]
    return node.op is elementary.power and isinstance(exponent, Const) and not exponent.shape and exponent.value > 0.0
