"""Sums of products of arrays that are not computed yet: what a batch of tangents is while it travels through a program.

In: factors with a label for each axis, and the labels of the result's axes; labels that are no axis of the result are
summed over. Out: the same product after a linear step, and in the end one node. Identity matrices, with which a batch
of tangents begins, disappear by renaming labels, so that no product with one is ever computed (the delta tensors of
Laue, Mitterreiter and Giesen, Computing Higher Order Derivatives of Matrix and Tensor Expressions, 2018).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count

from symdiff.ir import make
from symdiff.ir.nodes import Const, Einsum, Eye, Index, Input, Layout, Map, Node, Reduce, Shape, Size
from symdiff.ir.program import topological
from symdiff.ops import elementary
from symdiff.ops.piecewise import greater

Labels = tuple[int, ...]
Factor = tuple[Node, Labels]
_fresh = count()


@dataclass(frozen=True)
class Product:
    """The sum over all labels that are not in `axes` of the product of the factors.

    axes: the label of each axis of the result; None along an axis where all elements are the same.
    """

    factors: tuple[Factor, ...]
    axes: tuple[int | None, ...]
    shape: Shape

    @property
    def has_identity(self) -> bool:
        return any(isinstance(node, Eye) for node, _ in self.factors)

    def times(self, other: Node) -> "Product":
        """The product with an array whose axes are the last ones of this, element by element."""
        product, array, labels = self._aligned(other)
        return simplified(replace(product, factors=(*product.factors, (array, labels))))

    def guarded(self, condition: Node, side: bool) -> "Product | None":
        """Zero where the condition is not `side`; None where a factor out of its reach could be infinite."""
        product, condition, wanted = self._aligned(condition)
        wanted = product._as_the_factors_have(wanted)
        arrays = [factor for factor in product.factors if not isinstance(factor[0], Eye)]
        covering = [factor for factor in arrays if set(wanted) <= set(factor[1])]
        derived = [factor for factor in covering if not _is_given(factor[0])] or covering or arrays
        if len(derived) > 1 and not covering:
            return None

        def behind(node: Node, labels: Labels) -> Factor:
            union = tuple(dict.fromkeys((*labels, *wanted)))
            chosen, value = _spread(condition, wanted, union), _spread(node, labels, union)
            return make.select(chosen, value, 0.0) if side else make.select(chosen, 0.0, value), union

        if not derived:
            return replace(product, factors=(*product.factors, behind(make.constant(1.0), ())))
        factors = tuple(behind(*factor) if factor in derived else factor for factor in product.factors)
        return replace(product, factors=factors)

    def _as_the_factors_have(self, labels: Labels) -> Labels:
        """Labels that an identity matrix ties to others, by the name that the factors have for both (`simplified`)."""
        same = {tied[1]: tied[0] for node, tied in self.factors if isinstance(node, Eye)}
        renamed = tuple(same.get(label, label) for label in labels)
        return renamed if len(set(renamed)) == len(renamed) else labels

    def summed(self, axes: Sequence[int]) -> "Product":
        """Summed over some axes of the result."""
        total = self
        for axis in axes:
            if self.axes[axis] is None:
                total = replace(total, factors=(*total.factors, (make.size_of(self.shape[axis]), ())))
        return simplified(total.with_axes([axis for axis in range(len(self.axes)) if axis not in axes]))

    def with_axes(self, order: Sequence[int | None]) -> "Product":
        """These axes of the result in this order; None for a new axis of length 1."""
        axes = tuple(None if axis is None else self.axes[axis] for axis in order)
        return replace(self, axes=axes, shape=tuple(1 if axis is None else self.shape[axis] for axis in order))

    def contracted(
        self, own: Sequence[int], others: Sequence[Factor], output: Sequence[int], batch: int, shape: Shape
    ) -> "Product":
        """This as one operand of an einsum: labels of its last axes, the other operands, the labels of the result.

        batch: how many axes come before those of the einsum; they stay where they are.
        """
        everywhere = {*own, *(label for _, labels in others for label in labels)}
        names = {label: next(_fresh) for label in sorted(everywhere)}
        constant: set[int] = set()
        numbers: list[Factor] = []
        moved = self
        for axis, label in enumerate(own, batch):
            elsewhere = any(label in labels for _, labels in others) or own.count(label) > 1
            if self.axes[axis] is not None or elsewhere:
                moved = moved._labelled(axis, names[label])
            else:
                constant.add(label)
                if label not in output:
                    numbers.append((make.size_of(self.shape[axis]), ()))
        factors = [(node, tuple(names[label] for label in labels)) for node, labels in others]
        axes = (*moved.axes[:batch], *(None if label in constant else names[label] for label in output))
        return simplified(Product((*moved.factors, *factors, *numbers), axes, shape))

    def node(self) -> Node:
        """The product computed."""
        output = [label for label in self.axes if label is not None]
        numbers = [node for node, labels in self.factors if not labels]
        arrays = [(node, labels) for node, labels in self.factors if labels]
        result = reduce(elementary.multiply, numbers, _computed(arrays, output) if arrays else make.constant(1.0))
        kept = tuple(1 if label is None else n for label, n in zip(self.axes, self.shape, strict=True))
        return make.broadcast(make.reshape(result, kept), self.shape)

    def _aligned(self, other: Node) -> tuple["Product", Node, Labels]:
        """Another array without its axes of length 1, labelled as the last axes of this."""
        product, labels, kept = self, [], []
        start = len(self.shape) - other.ndim
        for axis, length in enumerate(other.shape, start):
            if length == 1:
                continue
            if product.axes[axis] is None or product.shape[axis] == 1:
                axes = (*product.axes[:axis], next(_fresh), *product.axes[axis + 1 :])
                shape = (*product.shape[:axis], length, *product.shape[axis + 1 :])
                product = replace(product, axes=axes, shape=shape)
            label = product.axes[axis]
            assert label is not None
            labels.append(label)
            kept.append(length)
        return product, make.reshape(other, tuple(kept)), tuple(labels)

    def _labelled(self, axis: int, label: int) -> "Product":
        """An axis of the result under another label."""
        old = self.axes[axis]
        axes = (*self.axes[:axis], label, *self.axes[axis + 1 :])
        if old is None:
            return replace(self, axes=axes)
        if old not in self.axes[:axis] + self.axes[axis + 1 :]:
            return replace(self, axes=tuple(axes), factors=_renamed(self.factors, old, label))
        raise AssertionError("two axes of a product have one label")


def identity(shape: Shape) -> Product:
    """The derivative of an array by itself: the axes of the shape, twice."""
    pairs = [None if length == 1 else (next(_fresh), next(_fresh)) for length in shape]
    factors = tuple((make.eye(length), pair) for length, pair in zip(shape, pairs, strict=True) if pair is not None)
    first, second = ([None if pair is None else pair[side] for pair in pairs] for side in (0, 1))
    return Product(factors, (*first, *second), (*shape, *shape))


def combined(x: Product, y: Product, combine: Callable[[Node, Node], Node]) -> Product | None:
    """One product for two that differ in one factor only, which are combined; None where they differ in more."""
    if x.shape != y.shape or not x.has_identity:
        return None
    pairs = [(b, a) for b, a in zip(y.axes, x.axes, strict=True) if a is not None and b is not None]
    if len(pairs) != _axis_count(x) or len(pairs) != _axis_count(y) or not _all_in_axes(x) or not _all_in_axes(y):
        return None
    names = dict(pairs)
    mine = {_key(node, labels): (node, labels) for node, labels in x.factors}
    theirs = {}
    for node, labels in y.factors:
        renamed = tuple(names[label] for label in labels)
        theirs[_key(node, renamed)] = (node, renamed)
    same = [factor for key, factor in mine.items() if key in theirs]
    left = [factor for key, factor in mine.items() if key not in theirs]
    right = [factor for key, factor in theirs.items() if key not in mine]
    if len(left) > 1 or len(right) > 1 or any(isinstance(node, Eye) for node, _ in (*left, *right)):
        return None
    one: Factor = (make.constant(1.0), ())
    (a, a_labels), (b, b_labels) = left[0] if left else one, right[0] if right else one
    labels = a_labels if len(a_labels) >= len(b_labels) else b_labels
    if not set(a_labels) | set(b_labels) <= set(labels):
        return None
    node = combine(_spread(a, a_labels, labels), _spread(b, b_labels, labels))
    return replace(x, factors=(*same, (node, labels)))


def simplified(product: Product) -> Product:
    """Identity matrices gone where one of their labels can be renamed, and factors on the same axes multiplied."""
    factors, axes = list(product.factors), list(product.axes)
    position = 0
    while position < len(factors):
        node, labels = factors[position]
        if not isinstance(node, Eye):
            position += 1
            continue
        keep, drop = labels if labels[1] not in axes else (labels[1], labels[0])
        rest = [*factors[:position], *factors[position + 1 :]]
        if drop in axes and keep in axes and keep != drop:  # both stay: the others are written with one of them
            first, second = labels
            renamed = _renamed(rest, second, first)
            changed = renamed != tuple(rest)
            factors = [*renamed[:position], (node, labels), *renamed[position:]]
            position = 0 if changed else position + 1
            continue
        factors = list(_renamed(rest, drop, keep))
        if not any(keep in labels for _, labels in factors):
            if keep in axes:
                axes = [None if label == keep else label for label in axes]
            else:
                factors.append((make.size_of(node.shape[0]), ()))
        position = 0
    return replace(product, factors=_merged(factors), axes=tuple(axes))


def _merged(factors: Sequence[Factor]) -> tuple[Factor, ...]:
    """Factors on the same axes multiplied element by element, and numbers into the factor with the fewest axes."""
    found: dict[int | frozenset[int], Factor] = {}
    for position, (node, labels) in enumerate(factors):
        node, labels = _without_repeats(node, labels)
        key = position if isinstance(node, Eye) else frozenset(labels)
        if key in found:
            known, order = found[key]
            node, labels = known * _spread(node, labels, order), order
        found[key] = (node, labels)
    number = found.pop(frozenset(), None)
    if number is None:
        return tuple(found.values())
    smallest = min((key for key in found if isinstance(key, frozenset)), key=len, default=None)
    if smallest is None:
        return (*found.values(), number)
    node, labels = found[smallest]
    return tuple((node * number[0], labels) if key == smallest else factor for key, factor in found.items())


def _without_repeats(node: Node, labels: Labels) -> Factor:
    """The diagonal of a factor that has a label twice."""
    distinct = tuple(dict.fromkeys(labels))
    return (node, labels) if distinct == labels else (make.einsum([labels], distinct, node), distinct)


def _renamed(factors: Sequence[Factor], old: int, new: int) -> tuple[Factor, ...]:
    return tuple((node, tuple(new if label == old else label for label in labels)) for node, labels in factors)


def _spread(node: Node, labels: Sequence[int], wanted: Sequence[int]) -> Node:
    """An array with its axes in the order of the wanted labels, of length 1 for those it lacks."""
    order = sorted(range(len(labels)), key=lambda axis: list(wanted).index(labels[axis]))
    turned = make.transpose(node, order)
    lengths = dict(zip([labels[axis] for axis in order], turned.shape, strict=True))
    return make.reshape(turned, tuple(lengths.get(label, 1) for label in wanted))


def _computed(factors: Sequence[Factor], output: Sequence[int]) -> Node:
    """The contraction; off the diagonals of identity matrices stand zeros, also where a derivative is infinite."""
    identities = [factor for factor in factors if isinstance(factor[0], Eye)]
    rest = [factor for factor in factors if factor not in identities]
    is_diagonal = len(identities) == len(rest) == 1 and len(output) == 2 and len(rest[0][1]) == 1  # np.diag
    if not identities or is_diagonal or all(_is_polynomial(node) for node, _ in rest):
        return _contraction(factors, output)
    has_value = {label for _, labels in rest for label in labels}
    inner = [label for label in output if label in has_value]
    value = _spread(_contraction(rest, inner), inner, output)
    on_diagonals = reduce(elementary.multiply, [_spread(node, labels, output) for node, labels in identities])
    return make.select(greater(on_diagonals, 0.0), value, 0.0)


def _contraction(factors: Sequence[Factor], output: Sequence[int]) -> Node:
    if len(factors) == 1 and set(factors[0][1]) == set(output):
        node, labels = factors[0]
        return make.transpose(node, [labels.index(label) for label in output])
    return make.einsum([labels for _, labels in factors], output, *[node for node, _ in factors])


def _is_given(node: Node) -> bool:
    """Whether the node is data as it came, not a derivative that may be infinite."""
    while isinstance(node, Layout):
        node = node.args[0]
    return isinstance(node, Input | Const)


def _is_polynomial(node: Node) -> bool:
    """Whether sums and products of data are all there is: finite wherever the data are, if nothing overflows."""
    steps = (elementary.add, elementary.subtract, elementary.multiply, elementary.negative)
    return all(
        isinstance(inner, Input | Const | Size | Eye | Layout | Index | Einsum)
        or (isinstance(inner, Reduce) and inner.how == "sum")
        or (isinstance(inner, Map) and inner.op in steps)
        for inner in topological([node])
    )


def _all_in_axes(product: Product) -> bool:
    return all(label in product.axes for _, labels in product.factors for label in labels)


def _axis_count(product: Product) -> int:
    return sum(label is not None for label in product.axes)


def _key(node: Node, labels: Labels) -> tuple[Node, Labels | frozenset[int]]:
    return node, frozenset(labels) if isinstance(node, Eye) else labels
