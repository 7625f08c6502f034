"""A linear program run on a whole batch of tangents at once: one more axis for each axis of the batch, at the front.

In: nodes that are linear in an input, and the batch that takes its place, usually the identity. Out: nodes with the
axes of the batch before their own. One rule per node kind. What is a product stays one (`products`) for as long as it
can, so that identity matrices disappear: the Hessian of a logistic regression becomes `X.T @ (s[:, None] * X)`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from symdiff.calculus.batch_axes import along_batched
from symdiff.calculus.batch_linalg import batched_linalg
from symdiff.calculus.batch_loops import batched_loop, batched_rewind
from symdiff.calculus.guards import scatter
from symdiff.calculus.products import Product, combined
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.make_fourier import fourier
from symdiff.ir.nodes import (
    Call,
    Const,
    Convolve,
    Einsum,
    Fourier,
    Gather,
    Index,
    Join,
    Layout,
    Linalg,
    Loop,
    Map,
    Node,
    Part,
    Reduce,
    Rewind,
    Scan,
    Scatter,
    ScatterAdd,
    Select,
    Shape,
)
from symdiff.ir.program import topological
from symdiff.ir.rewrite import rebuild, remembering
from symdiff.ops import elementary

Value = Node | Product


def batched(outputs: Sequence[Node], given: Mapping[Node, Value], batch: Shape, *, last: bool = False) -> list[Node]:
    """The outputs for a batch of values of some inputs, with the axes of the batch first, or last."""
    order = topological(outputs)
    uses = Counter(argument for node in order for argument in node.args)
    known: dict[Node, Value] = dict(given)
    with remembering() as remember:
        for node in order:
            if node not in known and any(argument in known for argument in node.args):
                remember(node)
                value = _Lifting(node, known, batch).value()
                if isinstance(value, Product) and uses[node] > 1 and not value.has_identity and len(value.factors) > 1:
                    value = value.node()  # computed once
                known[node] = value
    return [_finished(known.get(output), output, batch, last) for output in outputs]


def computed(value: Value) -> Node:
    """The node of a value."""
    return value.node() if isinstance(value, Product) else value


def _finished(value: Value | None, output: Node, batch: Shape, last: bool) -> Node:
    if value is None:  # the same for the whole batch
        value = make.broadcast(output, (*batch, *output.shape))
    ndim, lead = len(value.shape), len(batch)
    order = [*range(lead, ndim), *range(lead)] if last else list(range(ndim))
    return value.with_axes(order).node() if isinstance(value, Product) else make.transpose(value, order)


class _Lifting:
    """One node applied to arguments some of which have the axes of the batch."""

    def __init__(self, node: Node, known: Mapping[Node, Value], batch: Shape) -> None:
        self.node = node
        self.known = known
        self.batch = batch
        self.lead = len(batch)
        self.shape = (*batch, *node.shape)

    def value(self) -> Value:
        product = self.as_product()
        return self.as_array() if product is None else product

    def is_batched(self, argument: Node) -> bool:
        return argument in self.known

    def as_product(self) -> Product | None:
        """The node as a step on a product; None where it is no such step."""
        places = [at for at, argument in enumerate(self.node.args) if isinstance(self.known.get(argument), Product)]
        if not places or any(self.is_batched(arg) for at, arg in enumerate(self.node.args) if at not in places):
            return None
        products = [self.known[self.node.args[at]] for at in places]
        if len(places) == 2 and isinstance(self.node, Map) and self.node.op in (elementary.add, elementary.subtract):
            return combined(self._full(products[0]), self._full(products[1]), self.node.op)
        if len(places) == 2 and isinstance(self.node, Select) and places == [1, 2]:
            return self._both_sides(products)
        return self._step(self._full(products[0]), places[0]) if len(places) == 1 else None

    def _full(self, value: Value) -> Product:
        """A product with the axes that broadcasting to an elementwise node gives it."""
        assert isinstance(value, Product)
        missing = self.lead + self.node.ndim - len(value.shape)
        if missing <= 0 or not isinstance(self.node, Map | Select):
            return value
        order: list[int | None] = [*range(self.lead), *[None] * missing, *range(self.lead, len(value.shape))]
        return value.with_axes(order)

    def _step(self, product: Product, place: int) -> Product | None:
        node = self.node
        match node:
            case Map():
                return self._scaled(product, place)
            case Select():
                return self._guarded(product, place)
            case Reduce(how="sum"):
                return product.summed([self.lead + axis for axis in node.axes])
            case Einsum():
                others = [(arg, labels) for at, (arg, labels) in enumerate(self._operands()) if at != place]
                return product.contracted(node.inputs[place], others, node.output, self.lead, self.shape)
            case Layout(how="transpose"):
                return product.with_axes([*range(self.lead), *(self.lead + axis for axis in node.axes)])
            case Layout(how="reshape"):
                return self._reshaped(product)
            case Layout(how="broadcast"):
                return self._broadcast(product)
        return None

    def _operands(self) -> list[tuple[Node, tuple[int, ...]]]:
        assert isinstance(self.node, Einsum)
        return list(zip(self.node.args, self.node.inputs, strict=True))

    def _scaled(self, product: Product, place: int) -> Product | None:
        assert isinstance(self.node, Map)
        if self.node.op is elementary.negative:
            return product.times(make.constant(-1.0))
        if self.node.op is elementary.multiply:
            return product.times(self.node.args[1 - place])
        if self.node.op is elementary.divide and place == 0:
            return product.times(1.0 / self.node.args[1])
        return None

    def _guarded(self, product: Product, place: int) -> Product | None:
        condition, *sides = self.node.args
        other = sides[2 - place]
        is_zero = isinstance(other, Const) and not other.shape and other.value == 0.0
        return product.guarded(condition, place == 1) if place and is_zero else None

    def _both_sides(self, products: Sequence[Value]) -> Product | None:
        """A choice between two products with the same identity matrices is a choice between their factors."""
        condition = self.node.args[0]
        if condition.shape:
            return None
        first, second = (self._full(product) for product in products)
        return combined(first, second, lambda x, y: make.select(condition, x, y))

    def _reshaped(self, product: Product) -> Product | None:
        """Axes of length 1 come and go; other changes of shape need the array."""
        old = [axis for axis, length in enumerate(self.node.args[0].shape) if length != 1]
        if [self.node.args[0].shape[axis] for axis in old] != [length for length in self.node.shape if length != 1]:
            return None
        rest = iter(old)
        order = [None if length == 1 else self.lead + next(rest) for length in self.node.shape]
        return product.with_axes([*range(self.lead), *order])

    def _broadcast(self, product: Product) -> Product:
        missing = self.node.ndim - self.node.args[0].ndim
        order: list[int | None] = [*range(self.lead), *[None] * missing, *range(self.lead, len(product.shape))]
        spread = product.with_axes(order)
        axes = [
            label if old == new else None for label, old, new in zip(spread.axes, spread.shape, self.shape, strict=True)
        ]
        return Product(spread.factors, tuple(axes), self.shape)

    # Arrays

    def as_array(self) -> Node:
        node = self.node
        match node:
            case Map() | Select():
                return rebuild(node, [self._aligned(argument) for argument in node.args])
            case Einsum():
                return self._contracted(node)
            case Join():
                return self._joined(node)
            case Linalg():
                given = [self.is_batched(arg) for arg in node.args]
                return batched_linalg(node, [self._argument(arg) for arg in node.args], given, self.batch)
            case Call():
                return self._called(node)
            case Loop():
                return batched_loop(node, self._values(), self.batch, batched)
            case Rewind():
                return batched_rewind(node, self._values(), self.batch, batched)
        arg = self._argument(node.args[0])
        everything = (slice(None),) * self.lead
        match node:
            case Reduce():
                return make.reduce(node.how, arg, [self.lead + axis for axis in node.axes])
            case Index():
                return make.index(arg, (*everything, *node.key))
            case Scatter():
                whole = make.normal_key((*everything, *(slice(None),) * node.ndim), self.shape)[0]
                return scatter(arg, (*whole[: self.lead], *node.key), self.shape)
            case Layout():
                return self._rearranged(node, arg)
            case Scan() | Gather() | ScatterAdd() | Convolve():
                values = [computed(self.known[at]) if self.is_batched(at) else None for at in node.args]
                return along_batched(node, values, self.batch)
            case Fourier():
                return fourier(node.how, arg, node.lengths, [self.lead + axis for axis in node.axes], node.norm)
            case Part():
                return make.broadcast(make.part(arg, node.position), self.shape)  # of a loop, it may be no batch
        raise TypeError(f"no rule to batch {node!r}")

    def _values(self) -> dict[Node, Node]:
        """The arguments that have the axes of the batch, those of a loop that is taken back among them."""
        given = dict.fromkeys([*self.node.args, *self.node.operands])
        return {each: computed(self.known[each]) for each in given if each in self.known}

    def _argument(self, argument: Node) -> Node:
        value = self.known.get(argument)
        return argument if value is None else computed(value)

    def _aligned(self, argument: Node) -> Node:
        """An argument of an elementwise node, with the axes of the batch before all that broadcasting adds."""
        if not self.is_batched(argument):
            return argument
        arg = self._argument(argument)
        ones = (1,) * (self.node.ndim - argument.ndim)
        return make.reshape(arg, (*self.batch, *ones, *argument.shape))

    def _contracted(self, node: Einsum) -> Node:
        first = 1 + max((label for labels in node.inputs for label in labels), default=-1)
        lead = tuple(range(first, first + self.lead))
        labels = [
            (*lead, *own) if self.is_batched(arg) else own for arg, own in zip(node.args, node.inputs, strict=True)
        ]
        return make.einsum(labels, (*lead, *node.output), *[self._argument(arg) for arg in node.args])

    def _joined(self, node: Join) -> Node:
        parts = [
            self._argument(arg) if self.is_batched(arg) else make.broadcast(arg, (*self.batch, *arg.shape))
            for arg in node.args
        ]
        join: Callable[..., Node] = make.stack if node.how == "stack" else make.concatenate
        return join(parts, self.lead + node.axis)

    def _called(self, node: Call) -> Node:
        """A primitive knows of no batch: it is called for each member."""
        args = [self._argument(arg) for arg in node.args]
        batched = [self.is_batched(arg) for arg in node.args]
        members = [
            rebuild(node, [make.index(arg, at) if whole else arg for arg, whole in zip(args, batched, strict=True)])
            for at in np.ndindex(*self.batch)
        ]
        return make.reshape(make.stack(members), self.shape)

    def _rearranged(self, node: Layout, arg: Node) -> Node:
        match node.how:
            case "reshape":
                return make.reshape(arg, self.shape)
            case "broadcast":
                ones = (1,) * (node.ndim - node.args[0].ndim)
                return make.broadcast(make.reshape(arg, (*self.batch, *ones, *node.args[0].shape)), self.shape)
            case "transpose":
                return make.transpose(arg, [*range(self.lead), *(self.lead + axis for axis in node.axes)])
            case "roll":
                return arrays.roll(arg, [*(0 for _ in self.batch), *node.axes])
            case "flip":
                return make.flip(arg, [self.lead + axis for axis in node.axes])
        return arrays.triangle(node.how, arg, node.axes[0])
