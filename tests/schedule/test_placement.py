"""Values stand as deep inside the branches as their uses allow."""

import math

import pytest

from symdiff.ir import make
from symdiff.ir.make import select
from symdiff.ir.nodes import Map, Node
from symdiff.ir.program import Program
from symdiff.ops.elementary import log, sin, sqrt
from symdiff.ops.piecewise import absolute, greater, less, logical_not
from symdiff.ops.table import OPS
from symdiff.runtime.compile import compile_program
from symdiff.schedule.placement import _TOTAL, Block, Placement, place
from tests.programs import program_of


def placement(program: Program) -> tuple[Placement, Block]:
    root = Block()
    return place(program.nodes(), program.outputs, root), root


def node_of(program: Program, name: str) -> Node:
    return next(node for node in program.nodes() if isinstance(node, Map) and node.op.name == name)


def where(program: Program, name: str) -> list[tuple[int, bool]]:
    """Depth and side of every block of an operation."""
    return [(block.depth, block.side) for block in placement(program)[0].blocks[node_of(program, name)]]


def test_what_one_side_needs_is_computed_there() -> None:
    program = program_of(lambda x: select(greater(x, 0.0), sqrt(x), sin(x)))
    assert where(program, "sqrt") == [(1, True)]
    assert where(program, "sin") == [(1, False)]


def test_what_both_sides_need_is_computed_before() -> None:
    program = program_of(lambda x: select(greater(x, 0.0), sqrt(x), 2.0 * sqrt(x)))
    assert where(program, "sqrt") == [(0, True)]


def test_choices_on_the_same_condition_share_their_sides() -> None:
    program = program_of(lambda x: (select(greater(x, 0.0), sqrt(x), 0.0), select(greater(x, 0.0), 1.0 / sqrt(x), 1.0)))
    assert where(program, "sqrt") == [(1, True)]


def test_a_negated_condition_is_the_other_side() -> None:
    def function(x: Node) -> tuple[Node, Node]:
        positive = greater(x, 0.0)
        return select(positive, sqrt(x), 0.0), select(logical_not(positive), 1.0, 3.0 * sqrt(x))

    assert where(program_of(function), "sqrt") == [(1, True)]


def test_an_operation_that_may_raise_is_copied_behind_each_guard() -> None:
    program = program_of(lambda x: select(greater(x, 0.0), log(x), 0.0) + select(greater(x, 1.0), 2.0 * log(x), 0.0))
    assert where(program, "log") == [(1, True), (1, True)]


def test_one_that_cannot_raise_is_not_copied() -> None:
    def function(x: Node) -> Node:
        size = absolute(x)
        return select(greater(x, 0.0), 2.0 * size, 0.0) + select(less(x, 1.0), 3.0 - size, 0.0)

    assert where(program_of(function), "absolute") == [(0, True)]


def test_operations_that_never_raise_are_in_the_table() -> None:
    assert set(OPS) >= _TOTAL


def test_what_many_sides_need_is_attempted_once_outside_of_them() -> None:
    def function(x: Node) -> Node:
        total = make.constant(0.0)
        for threshold in range(40):
            total = total + select(greater(x, float(threshold)), sqrt(x - 0.5), 0.0)
        return total

    program = program_of(function)
    placed, root = placement(program)
    shared = node_of(program, "sqrt")
    assert placed.blocks[shared] == (root,)
    assert shared in placed.attempted
    compiled = compile_program(program, "math")
    assert compiled(-1.0) == 0.0
    assert compiled(2.5) == 3.0 * math.sqrt(2.0)


def test_what_is_attempted_by_one_and_needed_by_another_raises() -> None:
    def function(x: Node) -> Node:
        return log(x) + sum((select(greater(x, float(k)), log(x), 0.0) for k in range(9)), make.constant(0.0))

    program = program_of(function)
    assert not placement(program)[0].attempted
    with pytest.raises(ValueError, match="math domain error"):
        compile_program(program, "math")(-1.0)
