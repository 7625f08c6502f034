"""Loops over arrays, written as loops over their elements.

In: a Loop, and its arguments as object arrays of scalar nodes. Out: the final state as such arrays. Arrays from outside
of which a round picks one element at a place that it computes stay whole: `v[i]` in a loop over `i`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir.lengths import static
from symdiff.ir.make_loop import loop, results, rewind
from symdiff.ir.nodes import Body, Const, Gather, Input, Loop, Node, Rewind
from symdiff.ir.program import topological
from symdiff.ir.rewrite import remembering

Elements = np.ndarray[Any, Any]
_MOST = 256  # elements of an array that is taken apart
Expand = Callable[[Sequence[Node], Mapping[Node, Elements]], list[Elements]]


class ByElements(NamedTuple):
    """A loop over elements, the elements of its results, and those of the inputs of the loop over arrays."""

    made: Node
    results: list[Elements]
    inputs: Mapping[Node, Elements]


def loop_elements(node: Loop, args: Sequence[Elements], expand: Expand) -> ByElements:
    """The loop over elements."""
    whole = _picked_from(node)
    inputs: dict[Node, Elements] = {each: _whole(each) if each in whole else _apart(each) for each in node.body.inputs}
    given = [
        element
        for each, argument, arg in zip(node.body.inputs, node.args, args, strict=True)
        for element in ([argument] if each in whole else arg.flat)
    ]
    body = _body(node.body, inputs, {}, expand)
    with remembering() as remember:
        remember(node)
        made = loop(body, given)
    return ByElements(made, _results(made, node.body, inputs), inputs)


def rewind_elements(node: Rewind, args: Sequence[Elements], forward: ByElements, expand: Expand) -> ByElements:
    """The rounds of a loop over elements, taken back."""
    inputs: dict[Node, Elements] = {each: _apart(each) for each in node.body.inputs}
    given = [element for arg in args for element in arg.flat]
    made = rewind(_body(node.body, inputs, forward.inputs, expand), forward.made, given)
    return ByElements(made, _results(made, node.body, inputs), inputs)


def _body(body: Body, inputs: Mapping[Node, Elements], others: Mapping[Node, Elements], expand: Expand) -> Body:
    condition, *outputs = expand([body.condition, *body.outputs], {**others, **inputs})
    leaves = [element for each in body.inputs for element in inputs[each].flat]
    return Body(leaves, condition.item(), [element for output in outputs for element in output.flat])


def _results(made: Node, body: Body, inputs: Mapping[Node, Elements]) -> list[Elements]:
    final = iter(results(made))
    return [_shaped([next(final) for _ in range(inputs[each].size)], inputs[each].shape) for each in body.state]


def _picked_from(node: Loop) -> set[Node]:
    """The captured arguments and tables of which every use picks one element."""
    uses: dict[Node, list[Node]] = {}
    for inner in topological([node.body.condition, *node.body.outputs]):
        for arg in inner.args:
            uses.setdefault(arg, []).append(inner)
    given = dict(zip(node.body.inputs, node.args, strict=True))
    return {
        each
        for each in node.body.captured
        if each.shape
        and isinstance(given[each], Input | Const)
        and each not in node.body.outputs
        and all(_picks_one(use, each) for use in uses.get(each, []))
    }


def _picks_one(use: Node, array: Node) -> bool:
    return isinstance(use, Gather) and use.args[0] is array and not use.shape and len(use.args) == array.ndim + 1


def _apart(each: Input) -> Elements:
    shape = static(each.shape, "a loop written element by element")
    if math.prod(shape) > _MOST:
        raise ShapeError(
            f"an array of shape {shape} is too large to be changed in a loop element by element",
            why=f"This derivative has a formula for each element, and writes out up to {_MOST:,} of them.",
            fix="sd.hvp(f), sd.jvp(f) or sd.vjp(f), which work on whole arrays",
        )
    names = [f"{each.name}_{position}" for position in range(math.prod(shape))] if shape else [each.name]
    return _shaped([Input(name, (), each.dtype, is_whole=each.is_whole) for name in names], shape)


def _whole(each: Input) -> Elements:
    return _shaped([each], ())


def _shaped(elements: Sequence[Node], shape: tuple[int, ...]) -> Elements:
    grid: Elements = np.empty(len(elements), dtype=object)
    grid[:] = elements
    return grid.reshape(shape)
