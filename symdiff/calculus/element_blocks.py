"""Jacobians and Hessians of small arrays, element by element.

In: a Program, all of whose arrays are small, and leaves of its parameters. Out: blocks of derivatives, arrays listed
element by element. What is zero is seen to be zero, and each of a pair of equal second derivatives is computed once.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from symdiff.calculus.complex_outputs import require_holomorphic
from symdiff.calculus.elements import assemble, by_elements, elements_of, static_shape
from symdiff.calculus.selection import Pass, filled, passed, scalar_output
from symdiff.calculus.sweeps import forward, reverse
from symdiff.ir import make
from symdiff.ir.nodes import Call, Input, Linalg, Loop, Node, Ode, Rewind
from symdiff.ir.program import Program
from symdiff.ir.rewrite import substitute


def jacobian_blocks(program: Program, leaves: Sequence[Node]) -> list[Node]:
    """For every output and every leaf an array of the output's shape followed by the leaf's."""
    program, inputs = _apart(program, leaves)
    blocks = [
        block
        for output in by_elements(program).outputs
        for block in _blocks(_rows(list(elements_of(output).flat), inputs), output, leaves)
    ]
    return _together(blocks, inputs, leaves)


def hessian_blocks(program: Program, leaves: Sequence[Node], between: Pass | None = None) -> list[Node]:
    """For every pair of leaves an array of the shape of both."""
    program, inputs = _apart(program, leaves)
    program = by_elements(program)
    (slopes,) = _rows([scalar_output(program)], inputs)
    rows = _rows(passed(program, slopes, between), inputs)
    count = len(inputs)
    square = [[rows[min(i, j)][max(i, j)] for j in range(count)] for i in range(count)]
    outputs: list[Node] = []
    start = 0
    for leaf in leaves:
        outputs += _blocks(square[start : start + _size(leaf)], leaf, leaves)
        start += _size(leaf)
    return _together(outputs, inputs, leaves)


def _input_elements(leaves: Iterable[Node]) -> list[Node]:
    return [element for leaf in leaves for element in elements_of(leaf).flat]


def _apart(program: Program, leaves: Sequence[Node]) -> tuple[Program, list[Node]]:
    """The program, and the elements of the leaves that it is made of.

    A node that takes whole arrays would take a leaf, not its elements, and the sweeps would see no dependence: where
    there is one, every element becomes an input of its own.
    """
    if not any(isinstance(node, Call | Linalg | Loop | Ode | Rewind) for node in program.nodes()):
        return program, _input_elements(leaves)
    own: list[list[Node]] = [[Input(f"element_{i}") for i in range(_size(leaf))] for leaf in leaves]
    wholes = {
        leaf: make.reshape(make.stack(inputs), leaf.shape) if leaf.shape else inputs[0]
        for leaf, inputs in zip(leaves, own, strict=True)
        if inputs
    }
    outputs = tuple(substitute(program.outputs, wholes))
    return replace(program, outputs=outputs, checks=()), [node for inputs in own for node in inputs]


def _together(blocks: Sequence[Node], inputs: Sequence[Node], leaves: Sequence[Node]) -> list[Node]:
    """The blocks in terms of the leaves again."""
    elements = _input_elements(leaves)
    if all(node is element for node, element in zip(inputs, elements, strict=True)):
        return list(blocks)
    return substitute(blocks, dict(zip(inputs, elements, strict=True)))


def _rows(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[list[Node]]:
    """A gradient for each scalar output, by as many reverse sweeps, or by forward sweeps where inputs are fewer.

    The gradient of a real output by a complex input takes a reverse sweep, a complex output a forward one.
    """
    if not inputs:
        return [[] for _ in outputs]
    require_holomorphic(outputs, inputs)
    dtypes = {output.dtype for output in outputs}
    if len(dtypes) > 1:
        return [row for output in outputs for row in _rows([output], inputs)]
    prefers_reverse = len(outputs) <= len(inputs) or any(node.dtype == "complex" for node in inputs)
    if prefers_reverse and "complex" not in dtypes:
        return [filled(reverse([output], [make.constant(1.0)], inputs), inputs) for output in outputs]
    columns = []
    for chosen in inputs:
        tangents = [make.constant(1.0 if element is chosen else 0.0) for element in inputs]
        columns.append(filled(forward(outputs, tangents, inputs), outputs))
    return [list(row) for row in zip(*columns, strict=True)]


def _blocks(rows: Sequence[Sequence[Node]], output: Node, leaves: Sequence[Node]) -> list[Node]:
    """The rows cut into one array for each leaf, of the output's shape followed by the leaf's."""
    blocks: list[Node] = []
    start = 0
    for leaf in leaves:
        grid = np.empty((len(rows), _size(leaf)), dtype=object)
        for i, row in enumerate(rows):
            grid[i, :] = row[start : start + _size(leaf)]
        blocks.append(assemble(grid.reshape(static_shape(output) + static_shape(leaf))))
        start += _size(leaf)
    return blocks


def _size(leaf: Node) -> int:
    return math.prod(static_shape(leaf))
