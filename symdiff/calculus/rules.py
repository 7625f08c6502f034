"""One rule per node kind, in both directions.

`pull(node, cotangent, position)`: the cotangent of argument `position`, given that of the node (reverse mode).
`push(node, tangents)`: the tangent of the node, given those of its arguments, None where there is none (forward mode).
None means a derivative that is zero everywhere. `pull_results` and `push_results` are the same for nodes with several
results, of which each has a cotangent or a tangent.

Kinks: ties of max and min share equally; choices are differentiated side by side, each under its guard.
"""

from collections.abc import Callable, Sequence

from symdiff.calculus import factorizations, fourier, linalg
from symdiff.calculus.calls import pull_call, push_call
from symdiff.calculus.guards import add_all, behind_a_number, scalar_guard, scatter, sum_to_shape
from symdiff.calculus.loops import pull_loop, push_loop
from symdiff.calculus.odes import pull_ode, push_ode
from symdiff.calculus.positions import (
    pull_convolve,
    pull_gather,
    pull_scatter_add,
    push_convolve,
    push_gather,
    push_scatter_add,
)
from symdiff.calculus.rewinding import pull_rewind, push_rewind
from symdiff.calculus.scans import product_before, pull_scan, push_scan
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.identities import behind_guards
from symdiff.ir.lengths import Dimension, product
from symdiff.ir.nodes import (
    Call,
    Cast,
    Convolve,
    Einsum,
    Fourier,
    Gather,
    Index,
    Input,
    Join,
    Layout,
    Linalg,
    Loop,
    Map,
    Node,
    Ode,
    Order,
    Reduce,
    Rewind,
    Scan,
    Scatter,
    ScatterAdd,
    Select,
)
from symdiff.ops import complex_rows
from symdiff.ops.piecewise import equal, where


def pull(node: Node, cotangent: Node, position: int) -> Node | None:
    """The part of the argument's cotangent that this node contributes.

    A real argument gets the real part of a complex cotangent: of a number that was promoted, or of half a spectrum.
    """
    guard = behind_a_number(cotangent)
    if guard is not None:  # every rule is linear in the cotangent: the guard stays outside
        condition, value = guard
        return _guarded(condition, pull(node, value, position))
    return _of_argument(node, position, _pulled(node, cotangent, position))


def _of_argument(node: Node, position: int, part: Node | None) -> Node | None:
    return None if part is None else like(node.args[position], part)


def _guarded(condition: Node, part: Node | None) -> Node | None:
    return None if part is None else make.select(condition, part, 0.0)


def _pulled(node: Node, cotangent: Node, position: int) -> Node | None:
    argument = node.args[position]
    match node:
        case Map(op=complex_rows.conj):
            return complex_rows.conj(cotangent)  # type: ignore[no-any-return]
        case Map():
            partial = local_derivative(node, position)
            return None if partial is None else sum_to_shape(_times(cotangent, partial), argument.shape)
        case Select():
            if position == 0:
                return None
            pulled = make.broadcast(_pull_select(node, cotangent, position), node.shape)
            return sum_to_shape(pulled, argument.shape)
        case Reduce():
            return _pull_reduce(node, cotangent)
        case Index():
            spread = make.scatter if isinstance(argument, Input) else scatter  # nothing is multiplied with a gradient
            return spread(cotangent, node.key, argument.shape)
        case Scatter():
            return make.index(cotangent, node.key)
        case Layout():
            return _pull_layout(node, cotangent)
        case Join():
            return _pull_join(node, cotangent, position)
        case Einsum():
            return _pull_einsum(node, cotangent, position)
        case Scan():
            return pull_scan(node, cotangent, position)
        case Gather():
            return pull_gather(node, cotangent, position)
        case ScatterAdd():
            return pull_scatter_add(node, cotangent, position)
        case Convolve():
            return pull_convolve(node, cotangent, position)
        case Order() | Cast():
            return None  # piecewise constant
        case Call():
            return pull_call(node, [cotangent], position)
        case Linalg():
            return linalg.pull(node, cotangent, position)
        case Fourier():
            return fourier.pull(node, cotangent)
        case Ode():
            return pull_ode(node, cotangent, position)
    raise TypeError(f"no reverse rule for {node!r}")


def push(node: Node, tangents: Sequence[Node | None]) -> Node | None:
    """The tangent of the node; linear kinds are applied to the tangent as they are."""
    match node:
        case Map(op=complex_rows.conj):
            return None if tangents[0] is None else complex_rows.conj(tangents[0])
        case Map():
            terms = []
            for position, tangent in enumerate(tangents):
                partial = None if tangent is None else local_derivative(node, position)
                if tangent is not None and partial is not None:
                    terms.append(make.broadcast(like(node, _times(tangent, partial)), node.shape))
            return add_all(terms)
        case Select():
            if tangents[1] is None and tangents[2] is None:
                return None
            sides = [0.0 if tangent is None else tangent for tangent in tangents[1:]]
            return make.broadcast(make.select(node.args[0], *sides), node.shape)
        case Join():
            return _push_join(node, tangents)
        case Einsum():
            return add_all(
                [
                    make.einsum(node.inputs, node.output, *node.args[:i], tangent, *node.args[i + 1 :])
                    for i, tangent in enumerate(tangents)
                    if tangent is not None
                ]
            )
        case Scan():
            return push_scan(node, tangents)
        case Convolve():
            return push_convolve(node, tangents)
        case Order() | Cast():
            return None  # positions do not move
        case Call():
            return push_call(node, tangents)[0]
        case Linalg():
            return linalg.push(node, tangents)
        case Ode():
            return push_ode(node, tangents)
    tangent = tangents[0]
    if tangent is None:
        return None
    match node:
        case Gather():
            return push_gather(node, tangent)
        case ScatterAdd():
            return push_scatter_add(node, tangent)
        case Fourier():
            return fourier.push(node, tangent)
        case Reduce():
            return _push_reduce(node, tangent)
        case Index():
            return make.index(tangent, node.key)
        case Scatter():
            return scatter(tangent, node.key, node.shape)
        case Layout():
            return relayout(node, tangent)
    raise TypeError(f"no forward rule for {node!r}")


def like(node: Node, derivative: Node) -> Node:
    """A tangent or cotangent of a real node is the real part: du = Re(derivative · dz)."""
    if node.dtype == "complex" or derivative.dtype != "complex":
        return derivative
    return complex_rows.real(derivative)  # type: ignore[no-any-return]


def pull_results(node: Node, cotangents: Sequence[Node | None], active: Sequence[int]) -> Callable[[int], Node | None]:
    """The part of each operand's cotangent that a node with several results contributes.

    active: the positions of the operands that have a derivative.
    """
    guard = scalar_guard(cotangents)
    if guard is not None:
        condition, values = guard
        parts = pull_results(node, values, active)
        return lambda position: _guarded(condition, parts(position))
    if isinstance(node, Linalg):
        return lambda position: _of_argument(node, position, factorizations.pull(node, cotangents, position))
    if isinstance(node, Loop):
        return pull_loop(node, cotangents, active)
    if isinstance(node, Rewind):
        return pull_rewind(node, cotangents, active)
    if isinstance(node, Call):
        return lambda position: _of_argument(node, position, pull_call(node, cotangents, position))
    raise TypeError(f"no reverse rule for {node!r}")


def push_results(node: Node, tangents: Sequence[Node | None]) -> Sequence[Node | None]:
    """The tangents of the results of a node that has several."""
    if isinstance(node, Linalg):
        return factorizations.push(node, tangents)
    if isinstance(node, Loop):
        return push_loop(node, tangents)
    if isinstance(node, Rewind):
        return push_rewind(node, tangents)
    if isinstance(node, Call):
        return push_call(node, tangents)
    raise TypeError(f"no forward rule for {node!r}")


def local_derivative(node: Map, position: int) -> Node | None:
    """The operation's own derivative with respect to one argument, from its row in the table."""
    partial = node.op.partials[position]
    if partial is None:
        return None
    local = make.lift(partial(node, *node.args))
    return None if local is ZERO else local


def _times(derivative: Node, partial: Node) -> Node:
    """Their product, without the way through the identities that a factor of 1 would take: sums have no other."""
    return derivative if partial is ONE else derivative * partial


def relayout(node: Layout, arg: Node) -> Node:
    """The same rearrangement of another array."""
    if node.how == "reshape":
        return make.reshape(arg, node.shape)
    if node.how == "broadcast":
        return make.broadcast(arg, node.shape)
    if node.how == "transpose":
        return make.transpose(arg, node.axes)
    if node.how == "roll":
        return arrays.roll(arg, node.axes)
    return make.flip(arg, node.axes) if node.how == "flip" else arrays.triangle(node.how, arg, node.axes[0])


ZERO, ONE = make.constant(0.0), make.constant(1.0)


def _pull_layout(node: Layout, cotangent: Node) -> Node:
    shape = node.args[0].shape
    if node.how == "reshape":
        return make.reshape(cotangent, shape)
    if node.how == "broadcast":
        return sum_to_shape(cotangent, shape)
    if node.how == "transpose":
        return make.transpose(cotangent, [node.axes.index(axis) for axis in range(node.ndim)])
    if node.how == "roll":
        return arrays.roll(cotangent, [-shift for shift in node.axes])
    return relayout(node, cotangent)


def _pull_select(node: Select, cotangent: Node, position: int) -> Node:
    """The choice stands behind the guards of the cotangent: where they fail, its condition may have no value."""

    def chosen(value: Node) -> Node:
        return make.select(node.args[0], value, 0.0) if position == 1 else make.select(node.args[0], 0.0, value)

    behind = behind_guards(cotangent, chosen)
    return chosen(cotangent) if behind is None else behind


def _pull_reduce(node: Reduce, cotangent: Node) -> Node | None:
    argument = node.args[0]
    spread = _spread(node, cotangent)
    if node.how == "sum":
        return spread
    if node.how in ("max", "min"):
        shared, count = _winners(node)
        return make.select(shared, spread / count, 0.0)
    return spread * _others(argument, node.axes) if node.how == "prod" else None


def _push_reduce(node: Reduce, tangent: Node) -> Node | None:
    if node.how == "sum":
        return make.reduce("sum", tangent, node.axes)
    if node.how in ("max", "min"):
        shared, count = _winners(node)
        return make.reduce("sum", make.select(shared, tangent / count, 0.0), node.axes)
    if node.how == "prod":
        return make.reduce("sum", tangent * _others(node.args[0], node.axes), node.axes)
    return None


def _spread(node: Reduce, value: Node) -> Node:
    """A value of the reduced shape, repeated along the axes that disappeared."""
    argument = node.args[0]
    kept = tuple(1 if axis in node.axes else length for axis, length in enumerate(argument.shape))
    return make.broadcast(make.reshape(value, kept), argument.shape)


def _winners(node: Reduce) -> tuple[Node, Node]:
    """Where the maximum is attained, and at how many places, spread to the argument's shape."""
    shared: Node = equal(node.args[0], _spread(node, node))
    count = make.reduce("sum", where(shared, 1.0, 0.0), node.axes)
    return shared, _spread(node, count)


def _others(array: Node, axes: tuple[int, ...]) -> Node:
    """For each element the product of all others along the axes: what is before times what is after, so that zeros do
    no harm."""
    order = (*axes, *(axis for axis in range(array.ndim) if axis not in axes))
    turned = make.transpose(array, order)
    flat = (
        turned
        if len(axes) == 1
        else make.reshape(turned, (product(turned.shape[: len(axes)]), *turned.shape[len(axes) :]))
    )
    others = product_before(flat, 0) * product_before(flat, 0, reverse=True)
    return make.transpose(make.reshape(others, turned.shape), [order.index(axis) for axis in range(array.ndim)])


def _pull_join(node: Join, cotangent: Node, position: int) -> Node:
    before: tuple[slice, ...] = (slice(None),) * node.axis
    if node.how == "stack":
        return make.index(cotangent, (*before, position))
    start: Dimension = sum((arg.shape[node.axis] for arg in node.args[:position]), 0)
    return make.index(cotangent, (*before, slice(start, start + node.args[position].shape[node.axis])))


def _push_join(node: Join, tangents: Sequence[Node | None]) -> Node | None:
    if all(tangent is None for tangent in tangents):
        return None
    parts = [
        make.broadcast(ZERO, arg.shape) if tangent is None else tangent
        for arg, tangent in zip(node.args, tangents, strict=True)
    ]
    return make.stack(parts, node.axis) if node.how == "stack" else make.concatenate(parts, node.axis)


def _pull_einsum(node: Einsum, cotangent: Node, position: int) -> Node:
    """Contract the cotangent with all other arguments; an axis that only this argument has is spread.

    A label that the argument has twice picks its diagonal: there the cotangent stands, and zeros elsewhere.
    """
    wanted, diagonals = _told_apart(node, position)
    labels = [node.output, *node.inputs[:position], *node.inputs[position + 1 :], *(pair for pair, _ in diagonals)]
    arrays = [cotangent, *node.args[:position], *node.args[position + 1 :], *(matrix for _, matrix in diagonals)]
    known = {label for group in labels for label in group}
    found = make.einsum(labels, [label for label in wanted if label in known], *arrays)
    argument = node.args[position]
    kept = tuple(length if label in known else 1 for label, length in zip(wanted, argument.shape, strict=True))
    return make.broadcast(make.reshape(found, kept), argument.shape)


def _told_apart(node: Einsum, position: int) -> tuple[list[int], list[tuple[tuple[int, int], Node]]]:
    """The labels of an argument, each once, and identity matrices between those that were the same."""
    fresh = 1 + max((label for labels in node.inputs for label in labels), default=0)
    wanted: list[int] = []
    diagonals: list[tuple[tuple[int, int], Node]] = []
    for label, length in zip(node.inputs[position], node.args[position].shape, strict=True):
        if label in wanted:
            diagonals.append(((label, fresh), make.eye(length)))
            label, fresh = fresh, fresh + 1
        wanted.append(label)
    return wanted, diagonals
