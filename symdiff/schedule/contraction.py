"""Sums of products in the cheapest order, as matrix products and elementwise products.

In: a Program with Einsum nodes of any number of operands, nested as the user and the calculus left them. Out: the same
Program, each contraction taken in pairs. A pair with nothing to sum over becomes a product with broadcasting, one that
a matrix product computes gets its axes in that order, and transposes on the way are absorbed. The order is the best of
all for up to eight operands (dynamic programming over subsets; Lam, Sadayappan and Wenger, On Optimizing a Class of
Multi-Dimensional Loops with Reductions, 1997), else the cheapest next pair.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, count

from symdiff.ir import make
from symdiff.ir.nodes import Einsum, Eye, Layout, Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import remade, transform
from symdiff.schedule.identities import Labels, Operand, simplified
from symdiff.schedule.sharing import count_uses

_EXHAUSTIVE = 8  # operands


def contract(program: Program) -> Program:
    """The program with all contractions in pairs. New nodes keep the origin and the rule of the node they stand for."""
    nodes = program.nodes()
    if not any(isinstance(node, Einsum) for node in nodes):
        return program
    uses = count_uses(nodes, program.outputs)

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        return _contracted(node, uses, known) if isinstance(node, Einsum) else remade(node, known)

    return transform(program, made)


def _contracted(node: Einsum, uses: Mapping[Node, int], known: Mapping[Node, Node]) -> Node:
    """The contraction, with those inside it that nothing else needs where a common order is cheaper."""
    own = [Operand(arg, labels) for arg, labels in zip(node.args, node.inputs, strict=True)]
    highest = max((label for operand in own for label in operand.labels), default=-1)
    flat = _flattened(own, uses, count(highest + 1))
    if len(flat) > len(own) and _written_cost(node, uses) > _Order(flat, node.output).cost:
        own = flat
    own = simplified([_untransposed(*operand) for operand in own], node.output, uses)
    return _ordered([_untransposed(known[operand.node], operand.labels) for operand in own], node.output)


def _flattened(operands: Sequence[Operand], uses: Mapping[Node, int], fresh: Iterator[int]) -> list[Operand]:
    """Contractions among the operands replaced by their own operands, with new labels for what they sum over."""
    found: list[Operand] = []
    for node, labels in operands:
        source, order = _untransposed(node, labels)
        if not isinstance(source, Einsum) or uses[source] > 1 or uses[node] > 1:
            found.append(Operand(node, labels))
            continue
        names = dict(zip(source.output, order, strict=True))
        for label in (label for inner in source.inputs for label in inner):
            if label not in names:
                names[label] = next(fresh)
        inner = [
            Operand(arg, tuple(names[label] for label in own))
            for arg, own in zip(source.args, source.inputs, strict=True)
        ]
        found += _flattened(inner, uses, fresh)
    return found


def _untransposed(node: Node, labels: Labels) -> Operand:
    """What a transpose turns, with its labels."""
    if isinstance(node, Layout) and node.how == "transpose":
        source = [0] * node.ndim
        for label, axis in zip(labels, node.axes, strict=True):
            source[axis] = label
        return _untransposed(node.args[0], tuple(source))
    return Operand(node, labels)


def _written_cost(node: Einsum, uses: Mapping[Node, int]) -> float:
    """What the contraction costs when those inside it are computed first."""
    own = [Operand(arg, labels) for arg, labels in zip(node.args, node.inputs, strict=True)]
    total = _Order(own, node.output).cost
    for arg in node.args:
        source = _untransposed(arg, tuple(range(arg.ndim))).node
        if isinstance(source, Einsum) and uses[source] == 1 and uses[arg] == 1:
            total += _written_cost(source, uses)
    return total


class _Order:
    """The cheapest order of a contraction: a tree of pairs of operands."""

    def __init__(self, operands: Sequence[Operand], output: Labels) -> None:
        self.operands = operands
        self.output = frozenset(output)
        self.lengths = {
            label: make.estimated_length(length)
            for node, labels in operands
            for label, length in zip(labels, node.shape, strict=True)
        }
        few = len(operands) <= _EXHAUSTIVE
        self.cost, self.tree = self.best() if few else self.greedy()

    def kept(self, members: frozenset[int]) -> frozenset[int]:
        """The labels that the contraction of some operands has: those that are needed outside."""
        inside = self.labels(members)
        outside = self.labels(frozenset(range(len(self.operands))) - members)
        return inside & (outside | self.output)

    def labels(self, members: Iterable[int]) -> frozenset[int]:
        return frozenset(label for member in members for label in self.operands[member].labels)

    def size(self, labels: Iterable[int]) -> float:
        size = 1.0
        for label in labels:
            size *= self.lengths[label]
        return size

    def pair_cost(self, left: frozenset[int], right: frozenset[int]) -> float:
        """Multiplications, and the elements of the result that are written."""
        return self.size(self.kept(left) | self.kept(right)) + self.size(self.kept(left | right))

    def best(self) -> tuple[float, object]:
        known: dict[frozenset[int], tuple[float, object]] = {
            frozenset([member]): (0.0, member) for member in range(len(self.operands))
        }
        for size in range(2, len(self.operands) + 1):
            for members in map(frozenset, combinations(range(len(self.operands)), size)):
                known[members] = self.best_split(members, known)
        return known[frozenset(range(len(self.operands)))]

    def best_split(
        self, members: frozenset[int], known: Mapping[frozenset[int], tuple[float, object]]
    ) -> tuple[float, object]:
        first, *rest = sorted(members)
        found: tuple[float, object] | None = None
        for more in range(len(rest)):
            for chosen in combinations(rest, more):
                left = frozenset([first, *chosen])
                right = members - left
                cost = known[left][0] + known[right][0] + self.pair_cost(left, right)
                if found is None or cost < found[0]:
                    found = cost, (known[left][1], known[right][1])
        assert found is not None
        return found

    def greedy(self) -> tuple[float, object]:
        groups: list[tuple[frozenset[int], object]] = [
            (frozenset([member]), member) for member in range(len(self.operands))
        ]
        total = 0.0
        while len(groups) > 1:
            i, j = min(
                combinations(range(len(groups)), 2), key=lambda ij: self.growth(groups[ij[0]][0], groups[ij[1]][0])
            )
            total += self.pair_cost(groups[i][0], groups[j][0])
            joined = (groups[i][0] | groups[j][0], (groups[i][1], groups[j][1]))
            groups = [*groups[:i], joined, *groups[i + 1 : j], *groups[j + 1 :]]
        return total, groups[0][1]

    def growth(self, left: frozenset[int], right: frozenset[int]) -> float:
        """How many elements more there are to keep after a pair is contracted."""
        return self.size(self.kept(left | right)) - self.size(self.kept(left)) - self.size(self.kept(right))


def _ordered(operands: Sequence[Operand], output: Labels) -> Node:
    """The contraction in its cheapest order."""
    alone = [_alone(operand, _needed(operands, position, output)) for position, operand in enumerate(operands)]
    if len(alone) == 1:
        return _turned(alone[0], output)
    order = _Order(alone, output)
    return _turned(_computed(order, order.tree, output)[0], output)


def _needed(operands: Sequence[Operand], position: int, output: Labels) -> frozenset[int]:
    others = {label for at, operand in enumerate(operands) if at != position for label in operand.labels}
    return frozenset(others | set(output))


def _alone(operand: Operand, needed: frozenset[int]) -> Operand:
    """The operand without labels that nothing else has, and without a label twice."""
    node, labels = operand
    distinct = tuple(dict.fromkeys(labels))
    if distinct != labels:
        wanted = tuple(label for label in distinct if label in needed)
        return Operand(make.einsum([labels], wanted, node), wanted)
    summed = [axis for axis, label in enumerate(labels) if label not in needed]
    return (
        Operand(make.reduce("sum", node, summed), tuple(label for label in labels if label in needed))
        if summed
        else operand
    )


def _computed(order: _Order, tree: object, output: Labels) -> tuple[Operand, frozenset[int]]:
    """A tree of pairs as nodes, and the operands it holds."""
    if isinstance(tree, int):
        return order.operands[tree], frozenset([tree])
    assert isinstance(tree, tuple)
    left, left_members = _computed(order, tree[0], output)
    right, right_members = _computed(order, tree[1], output)
    members = left_members | right_members
    kept = order.kept(members)
    whole = len(members) == len(order.operands)
    larger = max(left.labels, right.labels, key=len)
    natural = tuple(label for label in dict.fromkeys((*larger, *left.labels, *right.labels)) if label in kept)
    in_order = tuple(label for label in output if label in kept)
    wanted = output if whole else in_order if len(in_order) == len(natural) else natural
    return _pair(left, right, wanted), members


def _pair(left: Operand, right: Operand, wanted: Labels) -> Operand:
    """Two operands contracted; `wanted` are the labels of the result, in an order that may be changed."""
    common = [label for label in left.labels if label in right.labels]
    summed = [label for label in common if label not in wanted]
    if not summed:
        return _broadcast_product(left, right, wanted)
    batch = [label for label in common if label in wanted]
    rows = [label for label in left.labels if label not in common]
    columns = [label for label in right.labels if label not in common]
    if len(summed) == 1 and not batch and len(columns) <= 1:
        return _best_of(left, right, rows, summed, columns, wanted)
    if len(summed) == 1 and not batch and len(rows) <= 1:
        return _matrix_product(right, left, columns, summed, rows)
    if len(summed) == 1 and batch and len(rows) == len(columns) == 1:
        return _batch_product(left, right, batch, rows, summed, columns)
    if not batch and (rows or columns):
        return Operand(_einsum(left, right, (*rows, *columns)), (*rows, *columns))
    return Operand(_einsum(left, right, wanted), wanted)


def _best_of(
    left: Operand, right: Operand, rows: list[int], summed: list[int], columns: list[int], wanted: Labels
) -> Operand:
    """Left times right, or turned round where that gives the wanted order."""
    if len(rows) <= 1 and wanted == (*columns, *rows) and rows and columns:
        return _matrix_product(right, left, columns, summed, rows)
    return _matrix_product(left, right, rows, summed, columns)


def _matrix_product(left: Operand, right: Operand, rows: list[int], summed: list[int], columns: list[int]) -> Operand:
    first, second = Operand(_turned(left, (*rows, *summed)), (*rows, *summed)), (*summed, *columns)
    labels = (*rows, *columns)
    return Operand(_einsum(first, Operand(_turned(right, second), second), labels), labels)


def _batch_product(
    left: Operand, right: Operand, batch: list[int], rows: list[int], summed: list[int], columns: list[int]
) -> Operand:
    first, second = (*batch, *rows, *summed), (*batch, *summed, *columns)
    labels = (*batch, *rows, *columns)
    product = _einsum(Operand(_turned(left, first), first), Operand(_turned(right, second), second), labels)
    return Operand(product, labels)


def _einsum(left: Operand, right: Operand, output: Sequence[int]) -> Node:
    return make.einsum([left.labels, right.labels], output, left.node, right.node)


def _broadcast_product(left: Operand, right: Operand, wanted: Labels) -> Operand:
    """Nothing to sum over: an elementwise product, each axis in its place."""
    if any(isinstance(operand.node, Eye) for operand in (left, right)) and len(left.labels) + len(right.labels) == 3:
        matrix, vector = (left, right) if len(left.labels) == 2 else (right, left)
        if vector.labels[0] in matrix.labels:  # a diagonal matrix, which has a name in every library
            pair = (*vector.labels, *(label for label in matrix.labels if label not in vector.labels))
            return Operand(make.einsum([pair, vector.labels], wanted, matrix.node, vector.node), wanted)
    return Operand(_in_place(left, wanted) * _in_place(right, wanted), wanted)


def _in_place(operand: Operand, wanted: Labels) -> Node:
    """The array with its axes in the wanted order, and axes of length 1 for those it lacks after its first."""
    order = [label for label in wanted if label in operand.labels]
    turned = _turned(operand, tuple(order))
    lengths = dict(zip(order, turned.shape, strict=True))
    shape = [lengths.get(label, 1) for label in wanted]
    first = next((at for at, label in enumerate(wanted) if label in lengths), len(shape))
    return make.reshape(turned, tuple(shape[first:]))


def _turned(operand: Operand, wanted: Labels) -> Node:
    """The array with its axes in the wanted order."""
    return make.transpose(operand.node, [operand.labels.index(label) for label in wanted])
