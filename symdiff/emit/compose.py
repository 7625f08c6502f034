"""From nodes to statements: which text stands inside which, and what gets a line of its own.

In: a lowered Program, a backend, the names of its inputs. Out: statements in order, and the texts of the outputs. One
pass, arguments first. A value gets a name where it is used more than once, where the user gave it one, where its text
would grow too long or too deep, and where two languages meet.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from weakref import proxy

from symdiff.backends.base import Backend, Environment, Text
from symdiff.backends.layout import LINE, Group, Item
from symdiff.emit.accumulation import accumulations
from symdiff.emit.inner_graphs import InnerGraphs
from symdiff.emit.names import Names
from symdiff.emit.render import source_comment
from symdiff.emit.signature import static_text
from symdiff.emit.statements import Assign, Choice, Refusal, Statement
from symdiff.emit.ternary import ternary
from symdiff.emit.wishes import Wishes
from symdiff.ir.nodes import Const, Index, Input, Loop, Map, Node, Ode, Part, Rewind, Scatter, ScatterAdd, Select
from symdiff.ir.program import Check, Program
from symdiff.ops.elementary import negative
from symdiff.ops.row import COMPARISON, TERNARY
from symdiff.schedule.placement import Block, Placement, may_raise, place, sides
from symdiff.schedule.rows import is_matrix
from symdiff.schedule.sharing import count_uses, user_name

_NARROWEST = 32
_LIGHT_COST = 2.0


class Composed(NamedTuple):
    """The statements, and the texts of the outputs."""

    statements: list[Statement]
    results: list[Text]


def compose(
    program: Program,
    backend: Backend,
    environment: Environment,
    names: Names,
    inputs: Mapping[Input, str],
    indent: int = 4,
    *,
    by_element: bool | None = None,
    is_round: bool = False,
) -> Composed:
    """The body of the function, or of a loop in it; `indent` is the column where its statements start.

    by_element: whether the numbers of the program may be arrays; None to see whether it has scalars only.
    is_round: whether the results are the next state of a loop.
    """
    composer = _Composer(program, backend, environment, names, inputs, indent)
    if is_round:
        composer.leave_results()
    composer.by_element = program.is_elementwise and not backend.branches if by_element is None else by_element
    return composer.run()


class _Composer:
    def __init__(
        self,
        program: Program,
        backend: Backend,
        environment: Environment,
        names: Names,
        inputs: Mapping[Input, str],
        indent: int,
    ) -> None:
        self.backend = backend
        self.environment = environment
        self.names = names
        self.inputs = inputs
        self.indent = indent
        self.by_element = False
        self.inner = InnerGraphs(proxy(self), compose)  # no cycle: the texts would wait for the garbage collector
        self.outputs = program.outputs
        self.checks = list(program.checks)
        self.nodes = program.nodes()
        self.is_elementwise = program.is_elementwise
        self.uses = count_uses(self.nodes, self.ends(), backend.written_arguments)
        self.wishes = Wishes(self.nodes, names)
        self.sums = accumulations(self.nodes, self.uses, self.wishes.own, backend.keeps_part)
        self.results: dict[Node, dict[int, Part]] = {}  # of nodes that have several, those that are used
        for node in self.nodes:
            if isinstance(node, Part):
                self.results.setdefault(node.args[0], {})[node.position] = node
        self.texts: dict[Node, Text] = {}
        self.languages: dict[Node, str] = {}
        self.light: set[Node] = set()  # values made by few additions and multiplications
        self.root = Block()
        self.placed = Placement({}, frozenset())
        self.statements: list[Statement] = []
        self.open: dict[tuple[Block, Node], Choice] = {}
        self.closing: set[tuple[Block, Node]] = set()  # complete, but for what their conditions need
        self.waiting: set[tuple[Block | None, Node | None]] = set()  # those in which others wait for a closing one
        self.chosen: dict[Node, Node] = {}  # choices that are `if` statements, with their conditions
        if backend.branches and any(isinstance(node, Select) for node in self.nodes):
            self.placed = place(self.nodes, self.ends(), self.root)
            self.wishes.hand_on(self.blocks, self.uses)

    def leave_results(self) -> None:
        """A result that nothing else uses is assigned by whoever asks for it."""
        for output in self.outputs:
            if self.uses[output] == 1:
                self.wishes.leave(output)

    def run(self) -> Composed:
        for node in self.nodes:
            self.compose(node)
            while self.checks and self.checks[0].failure in self.texts:
                self.refuse(self.checks.pop(0))
        for output in self.outputs:
            self.use(output, self.root)
        self.close_inside(self.root)
        return Composed(self.statements, [self.result(output) for output in self.outputs])

    def ends(self) -> list[Node]:
        """What is computed for its own sake."""
        return [*(check.failure for check in self.checks), *self.outputs]

    def refuse(self, check: Check) -> None:
        """The `raise` of a check, before what comes after it in the function is computed."""
        self.use(check.failure, self.root)
        text = self.result(check.failure)
        condition = self.backend.anywhere(text, self.is_elementwise, self.environment)
        details = tuple(static_text(detail) for detail in check.details)
        error = Group(f"{self.environment.head(check.error)}(", details, ")")
        self.statements.append(Refusal(condition, error, check.origin))

    def result(self, output: Node) -> Text:
        """The text of an output, by its name if the backend's own language is not Python."""
        if self.languages.get(output):
            self.give_name(output)
            self.close_inside(self.root)
        return self.texts[output]

    def compose(self, node: Node) -> None:
        if isinstance(node, Input):
            self.texts[node] = Text(self.inputs[node])
        elif isinstance(node, Const) and not node.shape:
            self.texts[node] = self.backend.number(node.value, self.environment)
            if self.backend.keeps_apart(node):
                self.give_name(node)
        elif node in self.texts:
            return  # one of several results, which was named with the others
        elif node in self.sums.terms:
            self.accumulate(node, self.sums.terms[node])
        elif node in self.sums.folded and isinstance(node, Map):
            return  # a sum inside of another
        elif self.placed.blocks and not self.placed.blocks[node]:
            self.texts[node] = Text("")  # a negation that nothing needs, its choices being turned round
        else:
            self.language_of(node)
            self.settle_uses(node)
            if isinstance(node, Map) or not self.stands_apart(node):
                self.write(node)

    def stands_apart(self, node: Node) -> bool:
        """Whether the node is no text inside of others, and stands in lines of its own now."""
        if isinstance(node, Loop | Rewind):
            self.inner.repeat(node)
            return True
        if isinstance(node, Ode):
            self.inner.define_slope(node)
        if node in self.results:
            self.give_names(node)
        return node in self.results

    def write(self, node: Node) -> None:
        """The text of a node, and a name for it where it wants one."""
        if self.backend.branches and isinstance(node, Select):
            self.choose(node)
        else:
            self.texts[node] = self.fitted(node)
            if self.backend.light and self.is_light(node, self.texts[node]):
                self.light.add(node)
        if node not in self.sums.folded and self.wants_name(node):
            self.give_name(node)

    def accumulate(self, node: Node, terms: Sequence[Node]) -> None:
        """A buffer for a sum: its first term, and the others added where they belong."""
        for term in terms:
            if self.languages.get(term):
                self.give_name(term)
        wish = self.wishes.of(node)
        name = self.names.fresh(wish) if wish else self.names.value()
        self.statements += self.first_term(terms[0], name)
        for term in terms[1:]:
            target = ""
            if isinstance(term, Scatter | ScatterAdd) and term in self.sums.folded:
                target = self.backend.scattered(term, name, self.environment)[1]
            self.statements += self.put(name, self.texts[term].code, term, target, adds=True)
        self.texts[node] = Text(name)

    def first_term(self, term: Node, name: str) -> list[Statement]:
        code = self.texts[term].code
        if isinstance(term, Scatter | ScatterAdd) and term in self.sums.folded:
            zeros, target = self.backend.scattered(term, name, self.environment)
            return [Assign(name, zeros, term), *self.put(name, code, term, target)]
        is_new = isinstance(term, Map) and self.texts[term].size > 0
        return [Assign(name, code if is_new else self.backend.copied(code, self.environment), term)]

    def put(self, name: str, right: Item, node: Node, target: str, *, adds: bool = False) -> list[Assign]:
        """An assignment to a part; what does not fit behind the part has a name of its own."""
        assigned = Assign(name, right, node, target, adds)
        if not isinstance(right, str) or self.indent + len(target) + len(" += ") + len(right) <= LINE:
            return [assigned]
        value = self.names.value()
        return [Assign(value, right, node), replace(assigned, right=value)]

    def language_of(self, node: Node) -> None:
        language = self.backend.language(node)
        if language:
            self.languages[node] = language
        elif not self.languages:
            return
        for argument in node.args:
            if self.texts[argument].size and self.languages.get(argument, "") != language:
                self.give_name(argument)

    def fitted(self, node: Node) -> Text:
        """The node's text, with arguments taken out of it until it fits."""
        while True:
            args = [self.texts[argument] for argument in node.args]
            text = self.backend.text(node, args, self.environment)
            if self.fits(text, node) or not self.take_out_longest(node.args):
                return text

    def fits(self, text: Text, node: Node) -> bool:
        backend = self.backend
        if text.depth > backend.depth or text.size > backend.size:
            return False
        if len(text.code) <= _NARROWEST or is_matrix(node):  # a matrix is broken into its rows
            return True
        return len(text.code) <= self.room(node)

    def room(self, node: Node) -> int:
        """How long the text of a node may be, with space for `name = ` before it."""
        if self.languages.get(node):
            return self.backend.width
        wish = self.wishes.own.get(node, "")
        depth = max((block.depth for block in self.blocks(node)), default=0)
        space = LINE - self.indent - 4 * depth - max(len(wish) + 5, 9)
        return max(min(self.backend.width, space), _NARROWEST)

    def take_out_longest(self, args: Sequence[Node]) -> bool:
        """Give a name to the argument with the longest text; False where none is left."""
        candidates = [argument for argument in args if self.texts[argument].size]
        if not candidates:
            return False
        self.give_name(max(candidates, key=lambda argument: len(self.texts[argument].code)))
        return True

    def wants_name(self, node: Node) -> bool:
        text = self.texts[node]
        if self.backend.keeps_apart(node) or self.is_attempt(node):
            return True
        if not text.size:
            return False
        if node in self.wishes.own:
            return True
        return self.uses[node] > 1 and not self.is_cheap(node, text)

    def is_attempt(self, node: Node) -> bool:
        """Whether the node may raise where no result needs it."""
        return node in self.placed.attempted and may_raise(node)

    def is_cheap(self, node: Node, text: Text) -> bool:
        """Whether a text is as good as a name: `-x`, `x[0]`, and for branches `x > 0.0`."""
        if self.backend.light and self.is_light(node, text):
            return True
        if text.size > 1:
            return False
        if isinstance(node, Map):
            return node.op is negative or (self.backend.branches and text.precedence == COMPARISON)
        return isinstance(node, Index) and not node.shape and isinstance(node.args[0], Input)

    def is_light(self, node: Node, text: Text) -> bool:
        return (
            isinstance(node, Map)
            and node.op.cost <= _LIGHT_COST
            and text.size <= self.backend.light
            and all(argument in self.light or not self.texts[argument].size for argument in node.args)
        )

    def give_name(self, node: Node) -> None:
        """A line of its own for the node."""
        name = self.wishes.name(node)
        language = self.languages.pop(node, "")
        right = self.backend.right_side(self.texts[node], language, self.environment)
        assigned = [Assign(name, right, node, fallback=self.fallback(node))]
        if isinstance(node, Scatter | ScatterAdd) and self.backend.keeps_part(node):
            zeros, target = self.backend.scattered(node, name, self.environment)
            assigned = [Assign(name, zeros, node), *self.put(name, right, node, target)]
        for block in self.blocks(node):
            self.statements_of(block).extend(assigned)
        self.texts[node] = Text(name)

    def fallback(self, node: Node) -> str:
        """What an attempt that fails gives."""
        return self.backend.literal(math.nan, self.environment).code if self.is_attempt(node) else ""

    def give_names(self, node: Node) -> None:
        """One line for all results of a node: `eigenvalues, eigenvectors = …`, with `_` for those without a use."""
        used = self.results[node]
        names: list[str] = []
        for position, default in self.backend.results(node, tuple(used)):
            if position not in used:
                names.append("_")
                continue
            wish = self.wishes.own.get(used[position]) or user_name(used[position]) or default
            names.append(self.names.fresh(wish))
            self.texts[used[position]] = Text(names[-1])
        targets = self.wishes.own[node] = ", ".join(names)
        self.environment.used[node] = tuple(used)
        text = self.fitted(node)
        for block in self.blocks(node):
            self.statements_of(block).append(Assign(targets, text.code, node))

    # Branches

    def blocks(self, node: Node) -> tuple[Block, ...]:
        return self.placed.blocks.get(node) or (self.root,)

    def statements_of(self, block: Block) -> list[Statement]:
        if block.parent is None or block.condition is None:
            return self.statements
        choice = self.choice(block.parent, block.condition)
        return choice.if_true if block.side else choice.if_false

    def choice(self, block: Block, condition: Node) -> Choice:
        """The `if` on the condition that is being written in the block."""
        found = self.open.get((block, condition))
        if found is None:
            found = self.open[block, condition] = Choice(origin=condition.origin)
        return found

    def choose(self, node: Node) -> None:
        """A choice is a ternary where that is short and nothing has to be computed before it, else an `if`."""
        condition, if_true, if_false = sides(node)
        args = [self.texts[part] for part in (condition, if_true, if_false)]
        expression = ternary(node, sides(node), args, self.environment)
        is_open = any((block, condition) in self.open for block in self.blocks(node))
        is_nested = args[1].precedence <= TERNARY or args[2].precedence <= TERNARY
        if expression is not None and not is_open and not is_nested and self.fits(expression, node):
            self.texts[node] = expression
            return
        name = self.wishes.name(node)
        for block in self.blocks(node):
            for value, side in ((if_true, True), (if_false, False)):
                if self.texts[value].code != name:
                    made = value if self.texts[value].size and source_comment(value) else node
                    self.statements_of(block.child(condition, side)).append(Assign(name, self.texts[value].code, made))
        self.texts[node] = Text(name)
        self.chosen[node] = condition

    def settle_uses(self, node: Node) -> None:
        """Close the `if` statements that compute what this node needs."""
        if not self.chosen:
            return
        for block in self.blocks(node):
            if isinstance(node, Select) and self.placed.blocks:
                condition, if_true, if_false = sides(node)
                self.use(condition, block)
                self.use(if_true, block.child(condition, True))
                self.use(if_false, block.child(condition, False))
            else:
                for argument in node.args:
                    self.use(argument, block)

    def use(self, argument: Node, block: Block) -> None:
        condition = self.chosen.get(argument)
        if condition is None:
            return
        for home in self.blocks(argument):
            inner = block.below(home)
            if block is home or (inner is not None and inner.condition is not condition):
                self.close(home, condition)

    def close(self, block: Block, condition: Node) -> None:
        """Put the `if` on the condition where it stands: what it holds is complete."""
        key = block, condition
        choice = self.open.get(key)
        if choice is None:
            return
        if self.waits(block, condition):
            self.waiting.add((block.parent, block.condition))
            return
        for side in (True, False):
            self.close_inside(block.child(condition, side))
        if self.open.get(key) is not choice:
            return  # a condition inside needed what it holds: it stands already, and what came after is in another one
        choice.condition = self.texts[condition]
        del self.open[key]
        self.closing.add(key)
        self.use(condition, block)
        self.closing.remove(key)
        self.statements_of(block).append(choice)
        if key in self.waiting:
            self.waiting.remove(key)
            self.choice(block, condition)

    def waits(self, block: Block, condition: Node) -> bool:
        """Whether the condition is chosen by an `if` that will stand behind what is being written now."""
        chosen = self.chosen.get(condition)
        return chosen is not None and any((home, chosen) in self.closing for home in self.blocks(condition))

    def close_inside(self, block: Block) -> None:
        for owner, condition in [key for key in self.open if key[0] is block]:
            if condition in self.texts:  # else nothing uses it yet, and it is closed later
                self.close(owner, condition)
