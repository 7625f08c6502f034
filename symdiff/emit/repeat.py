"""Loops as statements.

In: a Loop, the names of what it captures, and the way to write a round. Out: assignments of the initial state and a
`while` under which the next state is assigned all at once. Where numbers stand for scalars in arrays, each element runs
to its own end: it keeps its state once its condition has failed. A loop whose counter nobody looks at is a `for`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from symdiff.backends.base import Backend, Environment, Text
from symdiff.backends.layout import LINE
from symdiff.emit.names import Names
from symdiff.emit.prepared import prepared
from symdiff.emit.statements import Assign, Leave, Repeat, Statement
from symdiff.ir import make
from symdiff.ir.loops import kept_positions
from symdiff.ir.nodes import Const, Input, Loop, Map, Node, Select
from symdiff.ir.program import Program, topological
from symdiff.ir.rewrite import substitute
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.ops.elementary import add
from symdiff.ops.piecewise import less, logical_not

Compose = Callable[[Program, Mapping[Input, str], int], tuple[list[Statement], list[Text]]]


class Written(NamedTuple):
    """The statements of a loop, and the names of its final state."""

    statements: list[Statement]
    names: list[str]


def written(
    node: Loop,
    args: Sequence[Text],
    backend: Backend,
    environment: Environment,
    names: Names,
    compose: Compose,
    *,
    by_element: bool,
    indent: int,
) -> Written:
    """The statements of a loop.

    args: the texts of the arguments; captured ones are names or numbers.
    by_element: whether its numbers may be arrays whose elements end their loops apart.
    """
    writer = _Writer(node, args, backend, environment, names, compose, indent)
    rounds = _rounds(node)
    if rounds is not None and not _is_looked_at(node):
        return writer.counted(*rounds)
    if by_element and not _is_uniform(node):
        return writer.masked()
    return writer.plain()


class _Writer:
    def __init__(
        self,
        node: Loop,
        args: Sequence[Text],
        backend: Backend,
        environment: Environment,
        names: Names,
        compose: Compose,
        indent: int,
    ) -> None:
        self.node = node
        self.body = node.body
        self.environment = environment
        self.fresh = names.fresh
        self.backend = backend
        self.compose = compose
        self.indent = indent
        self.count = len(node.body.outputs)
        self.names = [names.fresh(each.name.strip("_")) if each.name else names.value() for each in self.body.state]
        self.initial = [arg.code for arg in args[: self.count]]
        self.known = dict(zip(self.body.state, self.names, strict=True))
        self.known |= {
            each: arg.within(_OPERAND) for each, arg in zip(self.body.captured, args[self.count :], strict=True)
        }

    def plain(self) -> Written:
        """`while condition:`, or a `while True:` that is left where the condition takes lines of its own."""
        before, condition = self.condition()
        statements, results = self.round(facts(self.body.condition), range(self.count))
        inside = [*statements, *self.assigned(range(self.count), results)]
        if before:
            inside = [*before, Leave(f"not ({condition})"), *inside]
            condition = "True"
        start = self.started(range(self.count))
        return Written([*start, Repeat(f"while {condition}", inside, self.node)], self.names)

    def masked(self) -> Written:
        """Each element to its own end."""
        np = self.environment.head("np")
        active = self.fresh("active")
        flag = Input(active, (), "bool")
        self.known[flag] = active
        before, condition = self.condition()
        statements, results = self.round({**facts(self.body.condition), self.body.condition: flag}, range(self.count))
        next_state = [f"{np}.where({active}, {new}, {old})" for new, old in zip(results, self.names, strict=True)]
        mask = [*before, Assign(active, condition, self.body.condition)]
        inside = [*statements, *self.assigned(range(self.count), next_state), *mask]
        start = [*self.started(range(self.count)), *mask]
        return Written([*start, Repeat(f"while {np}.any({active})", inside, self.node)], self.names)

    def counted(self, counter: int, rounds: int) -> Written:
        """`for _ in range(n):`, without the counter among the state."""
        rest = [at for at in range(self.count) if at != counter]
        statements, results = self.round({self.body.condition: make.constant(True)}, rest)
        head = f"for _ in {self.environment.head('range')}({rounds})"
        repeat = Repeat(head, [*statements, *self.assigned(rest, results)], self.node)
        return Written([*self.started(rest), repeat], self.names)

    def condition(self) -> tuple[list[Statement], str]:
        statements, texts = self.compose(self.program([self.body.condition]), self.known, self.indent + 4)
        return statements, texts[0].code

    def round(self, known: Mapping[Node, Node], positions: Sequence[int]) -> tuple[list[Statement], list[str]]:
        """The statements of a round, and the texts of the next state, where some truths are known."""
        outputs = substitute([self.body.outputs[at] for at in positions], known)
        statements, texts = self.compose(self.program(outputs), self.known, self.indent + 4)
        return statements, [text.code for text in texts]

    def program(self, outputs: Sequence[Node]) -> Program:
        program = Program("round", (), tuple(self.known), tuple(outputs), tuple_of([LEAF] * len(outputs)))
        return prepared(program, self.backend)

    def started(self, positions: Sequence[int]) -> list[Statement]:
        """The initial state, on one line where that fits."""
        pairs = [(self.names[at], self.initial[at]) for at in positions]
        together = self.together(pairs)
        if together is not None:
            return [together]
        return [Assign(name, value, self.node.args[at]) for at, (name, value) in zip(positions, pairs, strict=True)]

    def together(self, pairs: Sequence[tuple[str, str]]) -> Assign | None:
        targets, values = ", ".join(name for name, _ in pairs), ", ".join(value for _, value in pairs)
        fits = self.indent + 4 + len(targets) + 3 + len(values) <= LINE
        return Assign(targets, values, self.body.condition) if fits else None

    def assigned(self, positions: Sequence[int], values: Sequence[str]) -> list[Statement]:
        """The next state: a value after those that are computed from the one before it, or all at once."""
        waiting = {at: value for at, value in zip(positions, values, strict=True) if value != self.names[at]}
        found: list[Statement] = []
        while waiting:
            free = next((at for at in waiting if not self.is_read(at, waiting)), None)
            if free is None:
                return [*found, *self.exchanged(waiting)]
            found.append(Assign(self.names[free], waiting.pop(free), self.body.outputs[free]))
        return found

    def is_read(self, position: int, values: Mapping[int, str]) -> bool:
        """Whether another value is computed from the one at the position."""
        name = re.compile(rf"(?<![\w.]){re.escape(self.names[position])}(?!\w)")
        return any(name.search(value) for at, value in values.items() if at != position)

    def exchanged(self, values: Mapping[int, str]) -> list[Statement]:
        """Values that are computed from each other."""
        together = self.together([(self.names[at], value) for at, value in values.items()])
        if together is not None:
            return [together]
        new = {at: self.fresh(f"next_{self.names[at]}") for at in values}
        first = [Assign(new[at], value, self.body.outputs[at]) for at, value in values.items()]
        return [*first, *(Assign(self.names[at], new[at], self.node.args[at]) for at in values)]


_OPERAND = Text("").precedence


def facts(condition: Node) -> dict[Node, Node]:
    """What is known where the condition holds."""
    found: dict[Node, Node] = {}
    pending = [(condition, True)]
    while pending:
        node, holds = pending.pop()
        found[node] = make.constant(holds)
        if isinstance(node, Map) and node.op is logical_not:
            pending.append((node.args[0], not holds))
        elif isinstance(node, Select) and holds and node.args[2] is make.constant(False):
            pending += [(node.args[0], True), (node.args[1], True)]
    return {node: value for node, value in found.items() if not isinstance(node, Const)}


def _rounds(node: Loop) -> tuple[int, int] | None:
    """The position of a counter that runs up to a number, and the number of rounds."""
    condition = node.body.condition
    if not isinstance(condition, Map) or condition.op is not less:
        return None
    counter, limit = condition.args
    if not isinstance(limit, Const) or not isinstance(counter, Input) or counter not in node.body.state:
        return None
    at = node.body.state.index(counter)
    start, step = node.args[at], node.body.outputs[at]
    if not isinstance(start, Const) or not isinstance(step, Map) or step.op is not add or start.shape:
        return None
    if set(step.args) != {counter, make.constant(1.0)}:
        return None
    first, last = start.value, limit.value
    if first != int(first) or last != int(last):
        return None
    return at, max(0, int(last) - int(first))


def _is_looked_at(node: Loop) -> bool:
    """Whether anything but the counter itself is computed from it."""
    found = _rounds(node)
    assert found is not None
    at, _ = found
    others = [output for place, output in enumerate(node.body.outputs) if place != at]
    return node.body.state[at] in topological(others)


def _is_uniform(node: Loop) -> bool:
    """Whether the rounds are as many for all arguments."""
    body = node.body
    kept = kept_positions(body, [])
    if not all(isinstance(node.args[at], Const) for at in kept):
        return False
    needed = set(topological([body.condition, *(body.outputs[at] for at in kept)]))
    return needed.isdisjoint(body.captured)
