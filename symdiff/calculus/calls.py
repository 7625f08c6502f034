"""The derivatives of primitives, from the rules that the user gave as Python functions.

In: a Call and the derivatives of its result or arguments. Out: nodes: the rule is traced for the shapes of the call,
once, and its closed form is put in place. So a rule has derivatives too, to any order, and an error in it names its
line. Where one direction is given, the other is its transpose: a rule is linear in what it is given.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from symdiff.calculus.guards import add, add_all, sum_to_shape
from symdiff.errors import ShapeError, UnsupportedError
from symdiff.ir import make
from symdiff.ir.calls import Arguments
from symdiff.ir.complex_arguments import real_part
from symdiff.ir.lengths import is_static, static
from symdiff.ir.nodes import Call, DType, Input, Map, Node, Part, Shape
from symdiff.ir.program import Program, topological
from symdiff.ir.rewrite import rewrite, substitute
from symdiff.ir.structure import Structure
from symdiff.ops import complex_rows
from symdiff.origin import Origin
from symdiff.tracing.function import trace_function
from symdiff.tracing.primitive import Primitive, Rule, leaves_of_call, zero_rule
from symdiff.tracing.readings import Reading, note_readings


def pull_call(node: Call, cotangents: Sequence[Node | None], position: int) -> Node | None:
    """The cotangent of one argument, given those of the leaves of the result."""
    place = _Place(node, position)
    given = [_or_zeros(part, shape) for part, (shape, _) in zip(cotangents, node.results, strict=True)]
    one, every = place.rule, place.rule_of_all
    if zero_rule in (one.vjp, one.jvp):
        return None
    if one.vjp is not None:
        return place.fitted(_applied(node, _one_in_reverse, one.vjp, given), place.index)
    if every.vjp is not None:
        start = place.index + (place.start if _has_many(node) else 0)
        return place.fitted(_applied(node, _all_in_reverse, every.vjp, given), start)
    if every.vjp_by_number is not None:
        return place.fitted(_applied(node, _numbered_in_reverse, every.vjp_by_number, given, place.argnum), place.index)
    if one.slope is not None:
        return sum_to_shape(given[0] * _slope(node, one.slope), node.args[position].shape)
    if one.jvp is not None or every.jvp is not None:
        return _turned_round(place, given)
    raise place.no_rule()


def push_call(node: Call, tangents: Sequence[Node | None]) -> list[Node | None]:
    """The tangents of the leaves of the result."""
    given = [(_Place(node, position), tangent) for position, tangent in enumerate(tangents) if tangent is not None]
    parts = [part for place, tangent in given if (part := _part_of_push(place, tangent)) is not None]
    leaves = zip(*parts, strict=True) if parts else [()] * len(node.results)
    return [add_all([part for part in leaf if part is not None]) for leaf in leaves]


def expanded(program: Program) -> Program:
    """The same function with the traced bodies of inline primitives in place of their calls.

    The rules of a primitive are lost with it, so this comes after all differentiation.
    """

    def body(node: Node) -> Node | None:
        call = node.args[0] if isinstance(node, Part) else node
        if not isinstance(call, Call) or not call.primitive.is_inline or call.dtype == node.dtype == "tuple":
            return None
        found = _applied(call, _body, call.primitive.function)
        whole = program.with_outputs(found, call.structure)
        return expanded(whole).outputs[node.position if isinstance(node, Part) else 0]

    if not any(isinstance(node, Call) and node.primitive.is_inline for node in program.nodes()):
        return program
    return rewrite(program, body)


def is_complex_linear(node: Call, position: int) -> bool:
    """Whether the derivative by a complex argument is complex-linear, as that of a holomorphic function is.

    Asked of its transpose: nothing on the way from the cotangents may be a conjugate, or a real part.
    """
    if any(dtype != "complex" for _, dtype in node.results):
        return False
    cotangents = [Input("linear", shape, dtype) for shape, dtype in node.results]
    found = pull_call(node, cotangents, position)
    active: set[Node] = set(cotangents)
    for each in topological([] if found is None else [found]):
        if each not in active and any(arg in active for arg in each.args):
            if each.dtype != "complex" or (isinstance(each, Map) and each.op is complex_rows.conj):
                return False
            active.add(each)
    return True


def _or_zeros(node: Node | None, shape: Shape) -> Node:
    return make.broadcast(make.constant(0.0), shape) if node is None else node


_MOST_COLUMNS = 64


class _Turning(threading.local):
    """The forward rules that are being turned round, by primitive and argument, and where the user calls each."""

    running: Mapping[tuple[Primitive, int | None], Origin | None] = MappingProxyType({})


_turning = _Turning()


class _Place:
    """Where an argument of a node stands in the call: in which of the arguments, and which of its leaves it is."""

    def __init__(self, node: Call, position: int) -> None:
        self.node = node
        self.position = position
        self.argnum: int | None = None
        leaf = node.arguments.positions[position]
        self.start = 0
        for argnum, part in enumerate(_positional(node)):
            if leaf < self.start + part.leaf_count:
                self.argnum, self.index = argnum, leaf - self.start
                break
            self.start += part.leaf_count

    @property
    def primitive(self) -> Primitive:
        found: Primitive = self.node.primitive
        return found

    @property
    def rule(self) -> Rule:
        """What is known of the derivative by this argument alone."""
        return self.primitive.rule(self.argnum) if self.argnum is not None else Rule()

    @property
    def rule_of_all(self) -> Rule:
        """What is known of the derivative by all positional arguments."""
        return self.primitive.rule(None) if self.argnum is not None else Rule()

    def fitted(self, leaves: Sequence[Node], index: int) -> Node:
        """One leaf of what a reverse rule gave, in the shape of the argument."""
        argument = self.node.args[self.position]
        if index >= len(leaves):
            raise ShapeError(
                f"the reverse rule of {self.primitive.name} gives {len(leaves)} cotangents",
                origin=self.node.origin,
                why="It must return one for each argument, in the structure of the argument.",
                fix="return (g * slope_by_x, g * slope_by_y), one for each argument; zeros where there is none",
            )
        found = leaves[index]
        pairs = list(zip(reversed(found.shape), reversed(argument.shape), strict=False))
        if all(given in (1, wanted) for given, wanted in pairs) and found.ndim <= argument.ndim:
            return make.broadcast(found, argument.shape)
        if all(wanted in (1, given) for given, wanted in pairs) and found.ndim >= argument.ndim:
            return sum_to_shape(found, argument.shape)
        raise ShapeError(
            f"the reverse rule of {self.primitive.name} gives a cotangent of shape {found.shape} "
            f"for an argument of shape {argument.shape}",
            origin=self.node.origin,
            why="A cotangent has the shape of the argument, or one that is broadcast to it or from it.",
            fix=f"sum over the axes that the argument has not, np.sum(g, axis=0), or reshape to {argument.shape}",
        )

    def no_rule(self) -> UnsupportedError:
        """The refusal of a derivative that nothing is known of."""
        name = self.primitive.name
        if self.argnum is None:
            return UnsupportedError(
                f"{name} is differentiated by a keyword argument",
                origin=self.node.origin,
                why="The derivatives of a primitive are defined by the positions of its arguments.",
                fix="take it by position, def f(x, y), and pass it so",
            )
        return UnsupportedError(
            f"{name} has no derivative by argument {self.argnum}",
            origin=self.node.origin,
            why="It is a primitive: symdiff does not look into it.",
            fix=f"sd.defvjp({_spelled(self.primitive)}, lambda ans, *args: lambda g: …, argnums=[{self.argnum}])",
        )


def _spelled(primitive: Primitive) -> str:
    """A name that can be pasted: a lambda has none."""
    return primitive.name if primitive.name.isidentifier() else "f"


def _positional(node: Call) -> Sequence[Structure]:
    parts: Sequence[Structure] = node.arguments.structure.parts[0].parts
    return parts


def _has_many(node: Call) -> bool:
    """Whether a rule of all arguments returns a tuple of them."""
    return len(_positional(node)) > 1


def _part_of_push(place: _Place, tangent: Node) -> Sequence[Node | None] | None:
    """What the tangent of one argument contributes to those of the leaves of the result."""
    one, every = place.rule, place.rule_of_all
    if zero_rule in (one.jvp, one.vjp):
        return None
    if one.jvp is not None or one.slope is not None or every.jvp is not None:
        return _pushed(place, tangent)
    if one.vjp is not None or every.vjp is not None or every.vjp_by_number is not None:
        node, position = place.node, place.position

        def pulled(cotangents: Sequence[Node]) -> Sequence[Node] | None:
            found = pull_call(node, cotangents, position)
            return None if found is None else [found]

        return _transposed(pulled, node.results, [tangent], node.origin)
    raise place.no_rule()


def _pushed(place: _Place, tangent: Node) -> list[Node]:
    """The same by a forward rule."""
    node, one = place.node, place.rule
    if one.slope is not None and one.jvp is None:
        return [make.broadcast(_in_dtype(tangent * _slope(node, one.slope), node.dtype), node.shape)]
    zeros = [make.broadcast(make.constant(0.0), arg.shape) for arg in node.args]
    tangents = [*zeros[: place.position], tangent, *zeros[place.position + 1 :]]
    if one.jvp is not None:
        found = _applied(node, _one_forward, one.jvp, tangents, place.argnum)
    else:
        found = _applied(node, _all_forward, place.rule_of_all.jvp, tangents)
    if len(found) != len(node.results):
        raise ShapeError(
            f"the forward rule of {node.primitive.name} gives {len(found)} tangents, not {len(node.results)}",
            origin=node.origin,
            why="It must return one for each part of the result.",
            fix="return them in the structure of the result, zeros where nothing varies",
        )
    pairs = zip(found, node.results, strict=True)
    return [make.broadcast(_in_dtype(part, dtype), shape) for part, (shape, dtype) in pairs]


def _in_dtype(tangent: Node, dtype: DType) -> Node:
    """The real part, where it is the tangent of a real result."""
    return tangent if dtype == "complex" else real_part(tangent)


def _turned_round(place: _Place, cotangents: Sequence[Node]) -> Node | None:
    """The cotangent of an argument that only a forward rule is known for.

    The rule of a linear function calls the function itself, which leads here again: it is taken column by column.
    """
    argument = place.node.args[place.position]
    key = place.primitive, place.argnum
    if key not in _turning.running:
        before = _turning.running
        _turning.running = MappingProxyType({**before, key: place.node.origin})
        try:
            like = [(argument.shape, argument.dtype)]
            (found,) = _transposed(partial(_pushed_first, place), like, cotangents, place.node.origin)
            return found
        finally:
            _turning.running = before
    if not is_static(argument.shape) or argument.size > _MOST_COLUMNS:
        raise UnsupportedError(
            f"{place.primitive.name} has no reverse rule by argument {place.argnum}",
            origin=_turning.running[key],
            why=f"Its forward rule calls it again, for each element of an array of shape {argument.shape}.",
            fix=f"sd.defvjp({_spelled(place.primitive)}, lambda ans, *args: lambda g: …, argnums=[{place.argnum}])",
        )
    columns = []
    for position in np.ndindex(*static(argument.shape, "a forward rule")):
        basis = np.zeros(static(argument.shape, "a forward rule"))
        basis[position] = 1.0
        column = _along(place, basis, cotangents)
        if argument.dtype == "complex":  # Re(g · v) for v = 1 and v = i
            column = column - 1j * _along(place, 1j * basis, cotangents)
        columns.append(column)
    return make.reshape(make.stack(columns), argument.shape) if argument.shape else columns[0]


def _pushed_first(place: _Place, tangents: Sequence[Node]) -> Sequence[Node] | None:
    return _pushed(place, tangents[0])


def _along(place: _Place, direction: Any, cotangents: Sequence[Node]) -> Node:
    """The real part of the product of the cotangents with what the forward rule gives for a direction."""
    moved = _pushed(place, make.constant(direction[()]))
    terms = [make.reduce("sum", c * part, range(part.ndim)) for c, part in zip(cotangents, moved, strict=True)]
    return real_part(reduce(add, terms))


def _transposed(
    linear: Callable[[Sequence[Node]], Sequence[Node] | None],
    like: Sequence[tuple[Shape, DType]],
    vectors: Sequence[Node],
    origin: Origin | None,
) -> list[Node | None]:
    """A linear map the other way round: the derivative of its results, along the vectors, by what it is applied to."""
    from symdiff.calculus.sweeps import reverse  # the sweeps apply the rules

    variables = [Input("linear", shape, "complex" if dtype == "complex" else "real") for shape, dtype in like]
    results = linear(variables)
    if results is None:
        return [None] * len(variables)
    cotangents = [make.broadcast(vector, result.shape) for vector, result in zip(vectors, results, strict=True)]
    found = reverse(results, cotangents, variables)
    if set(variables) & set(topological([node for node in found if node is not None])):
        raise UnsupportedError(
            "a rule of a primitive is not linear in the derivative that it is given",
            origin=origin,
            why="So it cannot be turned round: forward and reverse rules are each other's transpose.",
            fix="define both, with sd.defvjp and sd.defjvp",
        )
    return found


def _slope(node: Call, rule: Any) -> Node:
    (found,) = _applied(node, _body, rule)
    return found


class _Situation(NamedTuple):
    """What a rule is told: the result of the call, its arguments, the derivatives, the argument to differentiate by."""

    ans: Any
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    vectors: Sequence[Any]
    node: Call
    argnum: int | None

    @property
    def cotangent(self) -> Any:
        """The cotangent in the structure of the result."""
        return self.node.structure.unflatten(self.vectors)

    def tangents(self) -> tuple[Any, ...]:
        """The tangents in the structure of the arguments; None in place of what is no number."""
        arguments = self.node.arguments
        args: tuple[Any, ...]
        args, _ = arguments.filled(self.vectors, [None] * len(arguments.static))
        return args


Convention = Callable[[Any, _Situation], Any]


def _one_in_reverse(rule: Any, told: _Situation) -> Any:
    return rule(told.ans, *told.args, **told.kwargs)(told.cotangent)


def _all_in_reverse(rule: Any, told: _Situation) -> Any:
    return rule(told.cotangent, *told.args, **told.kwargs)


def _numbered_in_reverse(rule: Any, told: _Situation) -> Any:
    return rule(told.argnum, told.ans, told.args, told.kwargs)(told.cotangent)


def _one_forward(rule: Any, told: _Situation) -> Any:
    assert told.argnum is not None
    return rule(told.tangents()[told.argnum], told.ans, *told.args, **told.kwargs)


def _all_forward(rule: Any, told: _Situation) -> Any:
    return rule(told.tangents(), *told.args, **told.kwargs)


def _body(rule: Any, told: _Situation) -> Any:
    return rule(*told.args, **told.kwargs)


def _applied(
    node: Call, convention: Convention, rule: Any, vectors: Sequence[Node] = (), argnum: int | None = None
) -> list[Node]:
    """The leaves of what the rule gives for a call, as nodes."""
    leaves = [*leaves_of_call(node), *node.args, *vectors]
    program = _closed_form(node, convention, rule, leaves, argnum)
    return substitute(program.outputs, dict(zip(program.inputs, leaves, strict=True)))


def _closed_form(node: Call, convention: Convention, rule: Any, leaves: Sequence[Node], argnum: int | None) -> Program:
    """The rule traced for the shapes of a call; kept with the primitive for as long as what it has read holds."""
    arguments, first = node.arguments, len(node.results)
    last = first + len(node.args)
    fixed = tuple([value for _, value in arguments.static])

    def run(*values: Any) -> Any:
        ans = node.structure.unflatten(values[:first])
        args, kwargs = arguments.filled(values[first:last], fixed)
        return convention(rule, _Situation(ans, args, kwargs, values[last:], node, argnum))

    key = (convention, rule, arguments.key, argnum, *((leaf.shape, leaf.dtype) for leaf in leaves))
    kept: dict[Any, tuple[Program, Arguments]] = node.primitive.closed_forms
    if key not in kept or not all(reading.holds() for reading in kept[key][0].readings):
        kept[key] = trace_function(run, args=leaves), arguments
    program = kept[key][0]
    note_readings([*program.readings, Reading.of(partial(getattr, node.primitive, "rules"))])
    return program
