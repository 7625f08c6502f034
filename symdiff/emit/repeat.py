"""Loops as statements.

In: a Loop, the names of what it captures, and the way to write a round. Out: assignments of the initial state and a
`while` under which the next state is assigned all at once. Where numbers stand for scalars in arrays, each element runs
to its own end: it keeps its state once its condition has failed. A loop whose counter nobody looks at is a `for`.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from symdiff.backends.base import Backend, Environment, Text, is_number
from symdiff.backends.layout import LINE, Group, LongString
from symdiff.emit.names import Names
from symdiff.emit.prepared import prepared
from symdiff.emit.statements import Assign, Choice, Keep, Leave, Refusal, Repeat, Statement
from symdiff.ir import make
from symdiff.ir.endless import FIRST_LOOK, LAST_LOOK, SOONER, look_back, never_ends
from symdiff.ir.loops import kept_positions
from symdiff.ir.nodes import Const, Input, Loop, Map, Node, Rewind, ScatterAdd
from symdiff.ir.program import Program, topological
from symdiff.ir.rewrite import substitute
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.ops.elementary import add, subtract
from symdiff.ops.piecewise import greater, less, logical_and
from symdiff.ops.row import OR
from symdiff.schedule.checks import facts

Compose = Callable[[Program, Mapping[Input, str], int], tuple[list[Statement], list[Text]]]
_OPERAND = Text("").precedence
_NO_SOURCE = make.constant(1.0)  # for what no line of the user's asks for


class History(NamedTuple):
    """The list of what the state was at the beginning of each round.

    kept: the inputs of the round that are in it; the others are known by their texts. active: the flag of a loop whose
    elements end apart.
    """

    name: str
    kept: tuple[Input, ...]
    texts: Mapping[Input, str]
    active: str = ""


class Written(NamedTuple):
    """The statements of a loop, and the names of its final state."""

    statements: list[Statement]
    names: list[str]
    history: History


class Writer:
    """Writes loops into one function.

    compose: writes a round. by_element: whether numbers may be arrays whose elements end their loops apart.
    """

    def __init__(
        self, backend: Backend, environment: Environment, names: Names, compose: Compose, *, by_element: bool
    ) -> None:
        self.backend = backend
        self.environment = environment
        self.names = names
        self.compose = compose
        self.by_element = by_element

    def forward(
        self, node: Loop, args: Sequence[Text], used: Collection[int], needed: Collection[Node], indent: int
    ) -> Written:
        """The statements of a loop.

        args: the texts of the arguments; captured ones are names or numbers. used: the positions of the results that
        something is computed from. needed: what those use who take the rounds back.
        """
        loop = _Forward(self, node, args, needed, indent)
        counted = _counted(node)
        if counted is not None and counted.position not in used:
            return loop.counted(counted)
        if self.by_element and not _is_uniform(node):
            return loop.masked()
        return loop.plain()

    def backward(self, node: Rewind, args: Sequence[Text], history: History, indent: int) -> Written:
        """The statements of a loop that takes the rounds of another one back."""
        return _Backward(self, node, node.args[1:], args, indent).written(history)


class _Rounds:
    """What loops in both directions have in common: a state, and what is assigned to it in a round."""

    def __init__(
        self, writer: Writer, node: Loop | Rewind, given: Sequence[Node], args: Sequence[Text], indent: int
    ) -> None:
        self.node = node
        self.given = given
        self.body = node.body
        self.writer = writer
        self.environment = writer.environment
        self.fresh = writer.names.fresh
        self.indent = indent
        self.count = len(node.body.outputs)
        self.kept: tuple[Input, ...] = ()
        self.is_masked = False
        self.names = [self.name_of(each) for each in self.body.state]
        self.initial = [arg.code for arg in args[: self.count]]
        self.known: dict[Input, str] = dict(zip(self.body.state, self.names, strict=True))
        self.known |= {
            each: arg.within(_OPERAND) for each, arg in zip(self.body.captured, args[self.count :], strict=True)
        }

    def name_of(self, each: Input) -> str:
        return self.fresh(each.name.strip("_")) if each.name else self.writer.names.value()

    def round(
        self, known: Sequence[Mapping[Node, Node]], positions: Sequence[int]
    ) -> tuple[list[Statement], dict[int, str]]:
        """The statements of a round, and the texts of the next state, where some values are known."""
        outputs = dict(zip(positions, _substituted([self.body.outputs[at] for at in positions], known), strict=True))
        added = {at: node for at in outputs if (node := self.added(at, outputs)) is not None}
        wanted = [node for at in outputs for node in (added[at].args if at in added else [outputs[at]])]
        statements, texts = self.writer.compose(self.program(wanted), self.known, self.indent + 4)
        codes = (text.code for text in texts)
        results: dict[int, str] = {}
        changes: list[Statement] = []
        for at in outputs:
            code = next(codes)
            if at in added:
                place = ", ".join([*([":"] * added[at].axis), *(next(codes) for _ in added[at].args[1:])])
                name = self.names[at]
                changes.append(Assign(name, code, added[at], f"{name}[{place}]", adds=True))
            else:
                results[at] = code
        return [*statements, *changes], results

    def added(self, position: int, outputs: Mapping[int, Node]) -> ScatterAdd | None:
        """What a round adds to a part of an array that nobody looks at: it is added in place."""
        node, own = outputs[position], self.body.state[position]
        if self.is_masked or not isinstance(node, Map) or node.op is not add or own not in node.args:
            return None
        part = node.args[0] if node.args[1] is own else node.args[1]
        if not isinstance(part, ScatterAdd) or part.how != "index" or any(index.shape for index in part.args[1:]):
            return None
        others = [self.body.condition, part, *(output for at, output in outputs.items() if at != position)]
        if own in self.kept or own in topological(others):
            return None
        memory = self.writer.backend.changeable(self.given[position], self.initial[position], self.environment)
        if not memory:
            return None
        self.initial[position] = memory
        return part

    def masked_state(self, values: Mapping[int, str], active: str) -> dict[int, str]:
        """The next state of the elements that are not at their end."""
        np = self.environment.head("np")
        return {at: f"{np}.where({active}, {value}, {self.names[at]})" for at, value in values.items()}

    def program(self, outputs: Sequence[Node]) -> Program:
        program = Program("round", (), tuple(self.known), tuple(outputs), tuple_of([LEAF] * len(outputs)))
        return prepared(program, self.writer.backend)

    def started(self, positions: Sequence[int]) -> list[Statement]:
        """The initial state, on one line where that fits; what starts as a number may become an array."""
        typed = self.environment.annotates and not self.writer.backend.branches
        annotated = [at for at in positions if typed and is_number(self.given[at])]
        rest = [at for at in positions if at not in annotated]
        kind = self.environment.head("Any") if annotated else ""
        numbers = [Assign(self.names[at], self.initial[at], self.given[at], annotation=kind) for at in annotated]
        together = self.together([(self.names[at], self.initial[at]) for at in rest]) if rest else None
        if together is not None:
            return [together, *numbers]
        return [*(Assign(self.names[at], self.initial[at], self.given[at]) for at in rest), *numbers]

    def together(self, pairs: Sequence[tuple[str, str]], node: Node | None = None) -> Assign | None:
        targets, values = ", ".join(name for name, _ in pairs), ", ".join(value for _, value in pairs)
        fits = self.indent + 4 + len(targets) + 3 + len(values) <= LINE
        return Assign(targets, values, self.body.condition if node is None else node) if fits else None

    def assigned(self, values: Mapping[int, str]) -> list[Statement]:
        """The next state: a value after those that are computed from the one before it, or all at once."""
        waiting = {at: value for at, value in values.items() if value != self.names[at]}
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
        *others, last = values
        new = {at: self.fresh(f"next_{self.names[at]}") for at in others}
        first = [Assign(new[at], values[at], self.body.outputs[at]) for at in others]
        first.append(Assign(self.names[last], values[last], self.body.outputs[last]))
        together = self.together([(self.names[at], new[at]) for at in others])
        if together is not None:
            return [*first, together]
        return [*first, *(Assign(self.names[at], new[at], self.given[at]) for at in others)]


class _Forward(_Rounds):
    """From the first round to the last one."""

    def __init__(self, writer: Writer, node: Loop, args: Sequence[Text], needed: Collection[Node], indent: int) -> None:
        super().__init__(writer, node, node.args, args, indent)
        self.kept = tuple(each for each in self.body.state if each in needed)
        self.history = self.fresh("history") if needed else ""

    def plain(self) -> Written:
        """`while condition:`, or a `while True:` that is left where the condition takes lines of its own."""
        before, condition = self.condition()
        statements, results = self.round([facts(self.body.condition)], range(self.count))
        start, look = self.looking_back()
        inside = [*self.keeping(), *statements, *self.assigned(results), *look]
        if before:
            inside = [*before, Leave(f"not ({condition})"), *inside]
            condition = "True"
        return self.written(range(self.count), *start, Repeat(condition, inside, self.node))

    def masked(self) -> Written:
        """Each element to its own end."""
        np = self.environment.head("np")
        self.is_masked = True
        active = self.fresh("active")
        flag = Input(active, (), "bool")
        self.known[flag] = active
        before, condition = self.condition()
        known = {**facts(self.body.condition), self.body.condition: flag}
        statements, results = self.round([known], range(self.count))
        next_state = self.masked_state(results, active)
        mask = [*before, Assign(active, condition, self.body.condition)]
        start, look = self.looking_back(flag)
        inside = [*self.keeping(active), *statements, *self.assigned(next_state), *mask, *look]
        repeat = Repeat(f"{np}.any({active})", inside, self.node)
        return self.written(range(self.count), *mask, *start, repeat, active=active)

    def counted(self, counted: "_Counted") -> Written:
        """`for i in range(n):`, without the counter among the state."""
        at, counter = counted.position, self.body.state[counted.position]
        rest = [place for place in range(self.count) if place != at]
        place = Input("place", (), "int")
        known: list[dict[Node, Node]] = [
            {self.body.condition: make.constant(True)},
            {make.cast(counter, "int"): place},
        ]
        self.known[place] = self.names[at]
        self.known[counter] = f"{self.environment.head('float')}({self.names[at]})"
        statements, results = self.round(known, rest)
        needed = {*topological(_substituted([self.body.outputs[each] for each in rest], known)), *self.kept}
        name = self.names[at] if needed & {place, counter} else "_"
        over = f"{self.environment.head('range')}({counted.bounds})"
        repeat = Repeat(over, [*self.keeping(), *statements, *self.assigned(results)], self.node, (name,))
        return self.written(rest, repeat)

    def looking_back(self, active: Input | None = None) -> tuple[list[Statement], list[Statement]]:
        """Before the loop, and at the end of a round: a look back now and then, in case the loop never ends.

        active: the flag of the elements that are not at their end.
        """
        seen = look_back(self.body)
        if seen is None:
            return [], []
        rounds = self.fresh("rounds")
        most = self.last_look()
        count, last = Assign(rounds, "1", _NO_SOURCE, adds=True), f"{rounds} == {most}"
        error = Group(f"{self.environment.head('OverflowError')}(", (LongString(never_ends(self.node, most)),), ")")
        if not seen.positions:
            return self.assignments([rounds], ["0"]), [count, Refusal(last, error, None)]
        due, now = self.fresh("due"), [self.names[at] for at in seen.positions]
        before = [self.fresh(each.name) for each in seen.before]
        self.known |= zip(seen.before, before, strict=True)
        statements, stuck = self.stuck(seen.is_stuck, active)
        start = self.assignments([rounds, due, *before], ["0", str(FIRST_LOOK), *now])
        again = self.assignments([due, *before], [f"2 * {due}", *now])
        refusal = Refusal(f"{last} or {stuck}", error, None)
        return start, [count, Choice(Text(f"{rounds} == {due}"), [*statements, refusal, *again])]

    def last_look(self) -> int:
        """After how many rounds the loop is stopped in any case."""
        has_arrays = self.is_masked or any(each.shape for each in self.body.state)
        return LAST_LOOK // (SOONER if has_arrays else 1) // (SOONER if self.history else 1)

    def stuck(self, condition: Node, active: Input | None) -> tuple[list[Statement], str]:
        """Statements, and the text of a condition: whether the loop, or that of an element, never ends."""
        if active is not None:
            (condition,) = _substituted([condition], [{self.body.condition: make.constant(True)}])
            condition = logical_and(active, condition)
        statements, (text,) = self.writer.compose(self.program([condition]), self.known, self.indent + 8)
        return statements, text.within(OR) if active is None else f"{self.environment.head('np')}.any({text.code})"

    def assignments(self, names: Sequence[str], values: Sequence[str]) -> list[Statement]:
        """Assignments without a line of the user's, on one line where they fit."""
        together = self.together(list(zip(names, values, strict=True)), _NO_SOURCE)
        apart = [Assign(name, value, _NO_SOURCE) for name, value in zip(names, values, strict=True)]
        return [together] if together is not None else list(apart)

    def condition(self) -> tuple[list[Statement], str]:
        statements, texts = self.writer.compose(self.program([self.body.condition]), self.known, self.indent + 4)
        return statements, texts[0].code

    def keeping(self, active: str = "") -> list[Statement]:
        """The line that keeps the state of a round."""
        if not self.history:
            return []
        values = [*([active] if active else []), *(self.known[each] for each in self.kept)]
        return [Keep(self.history, values[0] if len(values) == 1 else Group("(", tuple(values), ")"))]

    def written(self, positions: Sequence[int], *statements: Statement, active: str = "") -> Written:
        start = self.started(positions)
        if self.history:
            start.append(Assign(self.history, "[]", self.body.condition))
        history = History(self.history, self.kept, self.known, active)
        return Written([*start, *statements], self.names, history)


class _Backward(_Rounds):
    """From the last round to the first one."""

    def written(self, history: History) -> Written:
        assert isinstance(self.node, Rewind)
        condition, flag = self.node.loop.body.condition, Input("active", (), "bool")
        self.known |= {each: text for each, text in history.texts.items() if each not in history.kept}
        names = [self.name_of(each) for each in history.kept]
        self.known |= zip(history.kept, names, strict=True)
        known = facts(condition)
        self.is_masked = bool(history.active)
        if history.active:
            self.known[flag] = self.fresh("active")
            names = [self.known[flag], *names]
            known[condition] = flag
        statements, results = self.round([known], range(self.count))
        if history.active:
            results = self.masked_state(results, self.known[flag])
        over, targets = f"{self.environment.head('reversed')}({history.name})", tuple(names) or ("_",)
        repeat = Repeat(over, [*statements, *self.assigned(results)], self.node, targets)
        return Written([*self.started(range(self.count)), repeat], self.names, history)


def _substituted(nodes: Sequence[Node], known: Sequence[Mapping[Node, Node]]) -> list[Node]:
    """The nodes with one set of replacements after the other."""
    found = list(nodes)
    for each in known:
        found = substitute(found, each)
    return found


class _Counted(NamedTuple):
    """A counter among the state that runs over a range of numbers, and the bounds of the range."""

    position: int
    bounds: str


def _counted(node: Loop) -> _Counted | None:
    """The counter of a loop that makes as many rounds as a range of numbers has."""
    condition = node.body.condition
    if not isinstance(condition, Map) or condition.op not in (less, greater):
        return None
    counter, limit = condition.args
    if not isinstance(limit, Const) or not isinstance(counter, Input) or counter not in node.body.state:
        return None
    at = node.body.state.index(counter)
    start, step = node.args[at], _step(node.body.outputs[at], counter)
    if step is None or not isinstance(start, Const) or start.shape or (step > 0) is not (condition.op is less):
        return None
    numbers = [start.value, limit.value, step]
    if any(number != int(number) for number in numbers):
        return None
    first, last, by = map(int, numbers)
    bounds = f"{first}, {last}, {by}" if by != 1 else f"{first}, {last}" if first else f"{last}"
    return _Counted(at, bounds)


def _step(output: Node, counter: Input) -> float | None:
    """By what number a counter grows in a round."""
    if not isinstance(output, Map) or output.op not in (add, subtract) or output.args[0] is not counter:
        return None
    by = output.args[1]
    if not isinstance(by, Const) or by.shape or not by.value:
        return None
    return float(by.value) if output.op is add else -float(by.value)


def _is_uniform(node: Loop) -> bool:
    """Whether the rounds are as many for all arguments."""
    body = node.body
    kept = kept_positions(body, [])
    if not all(isinstance(node.args[at], Const) for at in kept):
        return False
    needed = set(topological([body.condition, *(body.outputs[at] for at in kept)]))
    return needed.isdisjoint(body.captured)
