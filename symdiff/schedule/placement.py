"""Where each value is computed: as deep inside the branches as all its uses allow.

In: the nodes of a program with choices. Out: for every node the blocks that compute it. A block is one side of an `if`;
all choices on the same condition in the same place share their two blocks, so a value that only the taken sides of
several choices need stands inside the `if`, and an operation that would raise an exception stays behind its guard. One
that many sides need is not copied into all of them, which nested guards could ask for exponentially often: it is
attempted once, outside of them, and what it raises there counts as nan.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from symdiff.ir.nodes import Call, Cast, Const, Input, Map, Node, Select
from symdiff.ops.piecewise import logical_not

MOST_BLOCKS = 4  # that compute the same
MOST_PATHS = 64  # to what is computed once
COPIES_PER_NODE = 0.5  # on average

# Operations that give a number, and no exception, for all floats. Anything else stays behind its guard.
_TOTAL = frozenset(
    {"add", "subtract", "multiply", "negative", "absolute", "sign", "maximum", "minimum", "tanh", "atan"}
)
_TOTAL |= {"atan2", "asinh", "copysign", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
_TOTAL |= {"logical_and", "logical_or", "logical_not", "isnan", "isfinite", "isinf"}


class Block:
    """The body of the function (no parent), or what is computed where `condition` is `side`."""

    __slots__ = ("_children", "condition", "depth", "parent", "side")

    def __init__(self, parent: "Block | None" = None, condition: Node | None = None, side: bool = True) -> None:
        self.parent = parent
        self.condition = condition
        self.side = side
        self.depth: int = 0 if parent is None else parent.depth + 1
        self._children: dict[tuple[Node, bool], Block] = {}

    def child(self, condition: Node, side: bool) -> "Block":
        """The block inside this one where the condition is `side`."""
        found = self._children.get((condition, side))
        if found is None:
            found = self._children[condition, side] = Block(self, condition, side)
        return found

    def below(self, ancestor: "Block") -> "Block | None":
        """This block's ancestor right inside `ancestor`; None where it is not inside."""
        block: Block | None = self
        while block is not None and block.parent is not ancestor:
            block = block.parent
        return block


@dataclass(frozen=True)
class Placement:
    """The blocks of every node, and the nodes that are attempted where their guards may not hold."""

    blocks: Mapping[Node, tuple[Block, ...]]
    attempted: Set[Node]


def sides(choice: Node) -> tuple[Node, Node, Node]:
    """Condition and sides, with a negated condition turned round so that its choices meet those of the plain one."""
    condition, if_true, if_false = choice.args
    while isinstance(condition, Map) and condition.op is logical_not:
        condition, if_true, if_false = condition.args[0], if_false, if_true
    return condition, if_true, if_false


def place(nodes: Sequence[Node], outputs: Iterable[Node], root: Block, *, copying: bool = True) -> Placement:
    """The blocks of every node; more than one where two sides need it and it must not be computed outside of both.

    copying: whether a node is computed anew in each of its blocks, so that there had better be few.
    """
    total = _never_raise(nodes)
    # For every node the blocks that need it, and whether the guards of those who need it may not hold there.
    needed: dict[Node, dict[Block, bool]] = {node: {} for node in nodes}
    for output in outputs:
        needed[output][root] = False
    placed: dict[Node, tuple[Block, ...]] = {}
    attempted: set[Node] = set()
    copies = COPIES_PER_NODE * len(nodes)
    for node in reversed(nodes):
        wanted = _fewest(needed.pop(node))
        if len(wanted) > 1:
            if node in total or len(wanted) > (min(MOST_BLOCKS, copies) if copying else MOST_PATHS):
                wanted = {_common(tuple(wanted)): True}
            copies -= len(wanted) - 1
        placed[node] = tuple(wanted)
        if node not in total and any(wanted.values()):
            attempted.add(node)
        for block, is_attempt in wanted.items():
            for argument, place in _arguments(node, block):
                before = needed[argument].get(place, True)
                needed[argument][place] = before and is_attempt
    return Placement(placed, attempted)


def _arguments(node: Node, block: Block) -> Iterator[tuple[Node, Block]]:
    """What a node needs when it is computed in a block, and where."""
    if isinstance(node, Select):
        condition, if_true, if_false = sides(node)
        yield condition, block
        yield if_true, block.child(condition, True)
        yield if_false, block.child(condition, False)
    else:
        for argument in node.args:
            yield argument, block


def _never_raise(nodes: Sequence[Node]) -> set[Node]:
    """The nodes that can be computed anywhere."""
    total: set[Node] = set()
    for node in nodes:
        harmless = isinstance(node, Input | Const) or (isinstance(node, Map) and _is_total(node))
        if harmless and all(argument in total for argument in node.args):
            total.add(node)
    return total


def may_raise(node: Node) -> bool:
    """Whether computing the node itself may raise an exception."""
    return isinstance(node, Call | Cast) or (isinstance(node, Map) and not _is_total(node))


def _is_total(node: Map) -> bool:
    if node.op.name == "divide":
        divisor = node.args[1]
        return isinstance(divisor, Const) and not divisor.shape and divisor.value != 0.0
    return node.op.name in _TOTAL


def _fewest(blocks: dict[Block, bool]) -> dict[Block, bool]:
    """The blocks without those inside another; both sides of a condition are the block around it."""
    while len(blocks) > 1:
        outer = [block for block in blocks if not _inside_any(block, blocks)]
        merged: dict[Block, bool] = {}
        for block in outer:
            around = _with_sibling(block, blocks)
            merged[around] = merged.get(around, False) or blocks[block]
        if len(merged) == len(blocks):
            return blocks
        blocks = merged
    return blocks


def _inside_any(block: Block, known: Container[Block]) -> bool:
    ancestor = block.parent
    while ancestor is not None:
        if ancestor in known:
            return True
        ancestor = ancestor.parent
    return False


def _with_sibling(block: Block, known: Container[Block]) -> Block:
    if block.parent is None or block.condition is None:
        return block
    return block.parent if block.parent.child(block.condition, not block.side) in known else block


def _common(blocks: Sequence[Block]) -> Block:
    """The innermost block around all."""
    common = blocks[0]
    for block in blocks[1:]:
        while common is not block:
            if common.depth >= block.depth:
                assert common.parent is not None
                common = common.parent
            else:
                assert block.parent is not None
                block = block.parent
    return common
