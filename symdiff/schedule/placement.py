"""Where each value is computed: as deep inside the branches as all its uses allow.

In: the nodes of a program with choices. Out: for every node the blocks that compute it. A block is one side of an `if`;
all choices on the same condition in the same place share their two blocks, so a value that only the taken sides of
several choices need stands inside the `if`, and an operation that would raise an exception stays behind its guard.
"""

from collections.abc import Iterable, Sequence

from symdiff.ir.nodes import Const, Input, Map, Node, Select
from symdiff.ops.piecewise import logical_not

COPIES_PER_NODE = 16  # on average: nested guards could ask for exponentially many

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


Placement = dict[Node, tuple[Block, ...]]


def sides(choice: Node) -> tuple[Node, Node, Node]:
    """Condition and sides, with a negated condition turned round so that its choices meet those of the plain one."""
    condition, if_true, if_false = choice.args
    while isinstance(condition, Map) and condition.op is logical_not:
        condition, if_true, if_false = condition.args[0], if_false, if_true
    return condition, if_true, if_false


def place(nodes: Sequence[Node], outputs: Iterable[Node], root: Block) -> Placement:
    """The blocks of every node; more than one where two sides need it and it must not be computed outside of both."""
    total = _never_raise(nodes)
    needed: dict[Node, dict[Block, None]] = {node: {} for node in nodes}
    for output in outputs:
        needed[output][root] = None
    placed: Placement = {}
    copies = COPIES_PER_NODE * len(nodes)
    for node in reversed(nodes):
        blocks = _fewest(tuple(needed.pop(node)))
        if len(blocks) > 1:
            if node in total or len(blocks) > copies:
                blocks = (_common(blocks),)
            copies -= len(blocks)
        placed[node] = blocks
        if isinstance(node, Select):
            condition, if_true, if_false = sides(node)
            for block in blocks:
                needed[condition][block] = None
                needed[if_true][block.child(condition, True)] = None
                needed[if_false][block.child(condition, False)] = None
        else:
            for argument in node.args:
                needed[argument].update(dict.fromkeys(blocks))
    return placed


def _never_raise(nodes: Sequence[Node]) -> set[Node]:
    """The nodes that can be computed anywhere."""
    total: set[Node] = set()
    for node in nodes:
        harmless = isinstance(node, Input | Const) or (isinstance(node, Map) and _is_total(node))
        if harmless and all(argument in total for argument in node.args):
            total.add(node)
    return total


def _is_total(node: Map) -> bool:
    if node.op.name == "divide":
        divisor = node.args[1]
        return isinstance(divisor, Const) and not divisor.shape and divisor.value != 0.0
    return node.op.name in _TOTAL


def _fewest(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks without those inside another; both sides of a condition are the block around it."""
    while len(blocks) > 1:
        known = set(blocks)
        outer = [block for block in blocks if not _inside_any(block, known)]
        merged = dict.fromkeys(_with_sibling(block, known) for block in outer)
        if len(merged) == len(blocks):
            return blocks
        blocks = tuple(merged)
    return blocks


def _inside_any(block: Block, known: set[Block]) -> bool:
    ancestor = block.parent
    while ancestor is not None:
        if ancestor in known:
            return True
        ancestor = ancestor.parent
    return False


def _with_sibling(block: Block, known: set[Block]) -> Block:
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
