"""Kernels: runs of elementwise arithmetic, cut out of a program.

In: a Program. Out: pieces of at most 64 operations of + - * / and whole powers. Everything else, exp(x) or a choice, is
an opaque atom: a kernel is a rational function of its atoms, and nothing is moved across a guard.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symdiff.algebra.cost import LARGEST_LOWERED_POWER, cost_of
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rebuild, remade, transform
from symdiff.ops import elementary as e

KERNEL_SIZE = 64
_ARITHMETIC = frozenset({e.add, e.subtract, e.multiply, e.divide, e.negative})


@dataclass(frozen=True)
class Kernel:
    """Arithmetic between atoms and visible values.

    nodes: the operations, arguments first.
    visible: those of them that the rest of the program uses.
    shared: those that have several users, or are visible.
    """

    nodes: tuple[Map, ...]
    visible: tuple[Map, ...]
    shared: frozenset[Map]

    @property
    def atoms(self) -> tuple[Node, ...]:
        """What the kernel takes from outside, in order of use, numbers too."""
        own = set(self.nodes)
        return tuple(dict.fromkeys(arg for node in self.nodes for arg in node.args if arg not in own))


@dataclass(frozen=True)
class Plan:
    """Another way to compute a value of a program: a node made of leaves, which are nodes of the program."""

    target: Node
    leaves: frozenset[Node]

    def built(self, known: Mapping[Node, Node]) -> Node:
        """The target on what has become of the leaves."""
        made: dict[Node, Node] = {}
        for node in down_to([self.target], self.leaves):
            # A number is a leaf too, and need not occur in the program any more.
            made[node] = rebuild(node, [known.get(arg, arg) if arg in self.leaves else made[arg] for arg in node.args])
        return known[self.target] if self.target in self.leaves else made[self.target]


def kernels_of(program: Program) -> list[Kernel]:
    """The kernels of a program, in order; every arithmetic operation is in one of them."""
    order = program.nodes()
    arithmetic = [node for node in order if isinstance(node, Map) and is_arithmetic(node)]
    users = Counter(arg for node in order for arg in node.args)
    users.update(program.outputs)
    return [_kernel(arithmetic[start : start + KERNEL_SIZE], users) for start in range(0, len(arithmetic), KERNEL_SIZE)]


def _kernel(nodes: Sequence[Map], users: Mapping[Node, int]) -> Kernel:
    inside = Counter(arg for node in nodes for arg in node.args)
    visible = tuple(node for node in nodes if users[node] > inside[node])
    return Kernel(tuple(nodes), visible, frozenset(node for node in nodes if users[node] > 1) | frozenset(visible))


def is_arithmetic(node: Node) -> bool:
    """Whether the node is one of + - * / and whole powers."""
    return isinstance(node, Map) and (node.op in _ARITHMETIC or whole_exponent(node) is not None)


def whole_exponent(node: Node) -> int | None:
    """n, where the node is x**n for a small whole n."""
    if not isinstance(node, Map) or node.op is not e.power:
        return None
    exponent = node.args[1]
    if not isinstance(exponent, Const) or exponent.shape or not abs(exponent.value) <= LARGEST_LOWERED_POWER:
        return None
    return int(exponent.value) if exponent.value == int(exponent.value) else None


def down_to(outputs: Sequence[Node], leaves: frozenset[Node]) -> list[Node]:
    """The nodes between the leaves and the outputs, arguments first, without the leaves."""
    order: list[Node] = []
    seen: set[Node] = set(leaves)
    stack = [(output, False) for output in reversed(outputs)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(arg, False) for arg in reversed(node.args)]
    return order


def joint_cost(outputs: Sequence[Node], leaves: frozenset[Node]) -> float:
    """The cost of computing the outputs from the leaves, what they share counted once."""
    return cost_of(down_to(outputs, leaves))


def replace(program: Program, plans: Mapping[Node, Plan]) -> Program:
    """The program in which some nodes are computed otherwise."""

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        plan = plans.get(node)
        return remade(node, known) if plan is None else plan.built(known)

    return transform(program, made)
