"""The algebraic passes: Program -> Program, the same function for less work and with smaller errors.

In: a Program. Out: one that costs no more. "fast" works on nodes alone and takes microseconds a node.
"""

import warnings
from collections import Counter
from functools import partial
from itertools import chain
from operator import attrgetter
from time import monotonic
from typing import Literal, get_args

from symdiff.algebra.cost import cost_of
from symdiff.algebra.final import rules_to_end_with
from symdiff.algebra.linalg import better_linalg
from symdiff.algebra.local import Rules, rules_for, simpler
from symdiff.algebra.shifted import better_sum
from symdiff.algebra.stable import better_form
from symdiff.errors import ArgumentError
from symdiff.ir import make
from symdiff.ir.loops import with_rounds
from symdiff.ir.nodes import Loop, Map, Node, Rewind
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rewrite
from symdiff.ops.row import Op

Level = Literal["none", "fast", "full"]

_MOST_SWEEPS = 8
_MOST_ROUNDS = 4
_MOST_NODES = 20_000  # of a program that SymPy is asked about; in larger ones it could see to a small part only


def simplify(program: Program, level: Level = "fast", *, seconds: float = 120.0) -> Program:
    """The same function for less work, and nowhere less accurate.

    "none" leaves it as it is, "fast" applies the stable forms and the local rules, "full" adds SymPy's algebra, to
    programs of at most 20,000 nodes. The result depends on the program alone: effort is counted in terms and
    operations. `seconds` is the last resort against a machine too slow for that effort; past it there is a
    RuntimeWarning, and the form that "fast" gives.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ir.program import Parameter
    >>> x, y = Input("x"), Input("y")
    >>> program = Program("f", (Parameter("x"), Parameter("y")), (x, y), (x * y / y,))
    >>> simplify(program).outputs[0] is x
    True
    """
    if level not in get_args(Level):
        raise ArgumentError(
            f"there is no level {level!r} of simplification", fix=f"choose one of {', '.join(get_args(Level))}"
        )
    if level == "none":
        return program
    local = locally(program)
    return local if level == "fast" or len(local.nodes()) > _MOST_NODES else thoroughly(local, seconds)


def locally(program: Program) -> Program:
    """Stable forms and local rules, in sweeps until nothing changes; in the rounds of loops, too.

    Not where rounds are taken back: they have to be those that the loop makes.
    """
    kinds = set(map(type, program.all_nodes()))
    if Loop in kinds and Rewind not in kinds:
        program = with_rounds(program, _in_sweeps)
    return _in_sweeps(program)


def _in_sweeps(program: Program) -> Program:
    """The program itself, without what is in rounds."""
    for _ in range(_MOST_SWEEPS):
        swept = _sweep(program)
        if swept.outputs == program.outputs:
            break
        program = swept
    return program


def thoroughly(program: Program, seconds: float) -> Program:
    """Kernels replaced by cheaper ones that are as accurate, in rounds until nothing changes."""
    from symdiff.algebra.candidates import improved  # SymPy takes half a second to import

    deadline = monotonic() + seconds
    best = program
    for _ in range(_MOST_ROUNDS):
        try:
            better = locally(improved(best, deadline))
        except TimeoutError:
            warnings.warn(
                f"the full simplification of {program.name} was given up after {seconds:g} seconds; "
                'level="fast" gives the same result without the wait',
                RuntimeWarning,
                stacklevel=3,
            )
            return program
        if _cost(better) >= _cost(best):
            break
        best = better
    return best


def tidied(program: Program) -> Program:
    """Numbers and signs where they cost least, as a last step: rules that the others would find less to do after."""
    for _ in range(_MOST_SWEEPS):
        uses, rules = _uses(program), rules_to_end_with(_operations(program))
        swept = rewrite(program, partial(_simpler, uses=uses, rules=rules))
        if swept.outputs == program.outputs or _cost(swept) > _cost(program):
            break
        program = swept
    return program


def _simpler(node: Node, uses: Counter[Node], rules: Rules) -> Node | None:
    found = simpler(node, uses, rules)
    return None if found is None else make.broadcast(found, node.shape)


def _operations(program: Program) -> set[Op]:
    return {node.op for node in program.nodes() if isinstance(node, Map)}


def _cost(program: Program) -> float:
    return cost_of(program.nodes_of_outputs())


def _uses(program: Program) -> Counter[Node]:
    uses = Counter(chain.from_iterable(map(attrgetter("args"), program.nodes())))
    uses.update(program.outputs)
    return uses


def _sweep(program: Program) -> Program:
    uses, rules = _uses(program), rules_for(_operations(program))

    def rule(node: Node) -> Node | None:
        stable = better_form(node)
        if stable is not None:
            return stable
        shifted = better_sum(node)
        if shifted is not None:
            return make.broadcast(shifted, node.shape)
        matrices = better_linalg(node, uses)
        if matrices is not None:
            return matrices
        return _simpler(node, uses, rules)

    return rewrite(program, rule)
