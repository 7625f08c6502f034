"""Jacobians and Hessians of whole arrays, at the level of matrices.

In: a Program and leaves of its parameters. Out: blocks of derivatives, made by running a linear program, that of
tangents or of cotangents, on a batch that begins as the identity (`batch`): no element is looked at, so the length of
the program does not depend on the sizes.
"""

from collections.abc import Sequence

from symdiff.calculus.batch import batched
from symdiff.calculus.complex_outputs import require_holomorphic
from symdiff.calculus.products import identity
from symdiff.calculus.selection import Pass, filled, passed, scalar_output, slopes_of
from symdiff.calculus.sweeps import forward, reverse
from symdiff.ir import make
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Program


def jacobian_blocks(program: Program, leaves: Sequence[Node]) -> list[Node]:
    """For every output and every leaf an array of the output's shape followed by the leaf's.

    The derivative of a real output by a complex leaf takes rows, that of a complex output columns.
    """
    require_holomorphic(program.outputs, leaves)
    is_complex = any(leaf.dtype == "complex" for leaf in leaves)
    total = sum(make.estimated_length(leaf.size) for leaf in leaves)
    columns: list[list[Node]] = []
    outputs = list(program.outputs)
    wide = [
        output
        for output in outputs
        if output.dtype != "complex" and (is_complex or make.estimated_length(output.size) < total)
    ]
    by_rows = {output: _rows(output, leaves) for output in wide}
    tall = [output for output in outputs if output not in by_rows]
    columns = [_columns(tall, leaf, last=True) for leaf in leaves] if tall else []
    by_columns = {output: [column[at] for column in columns] for at, output in enumerate(tall)}
    return [block for output in outputs for block in (by_rows.get(output) or by_columns[output])]


def hessian_blocks(program: Program, leaves: Sequence[Node], between: Pass | None = None) -> list[Node]:
    """For every pair of leaves an array of the shape of both; forward over reverse, each pair once."""
    slopes = passed(program, slopes_of(scalar_output(program), leaves), between)
    require_holomorphic(slopes, leaves)
    square: dict[tuple[int, int], Node] = {}
    for j, leaf in enumerate(leaves):
        for i, block in enumerate(_columns(slopes[: j + 1], leaf, last=False)):
            square[j, i] = block
            if i != j:
                square[i, j] = make.transpose(block, [*range(leaf.ndim, block.ndim), *range(leaf.ndim)])
    count = range(len(leaves))
    return [square[i, j] for i in count for j in count]


def _columns(outputs: Sequence[Node], leaf: Node, *, last: bool) -> list[Node]:
    """The derivatives of the outputs by the leaf, forward, with the axes of the leaf first or last."""
    tangent = Input("tangent", leaf.shape)
    pushed = filled(forward(outputs, [tangent], [leaf]), outputs)
    return batched(pushed, {tangent: identity(leaf.shape)}, leaf.shape, last=last)


def _rows(output: Node, leaves: Sequence[Node]) -> list[Node]:
    """The derivatives of the output by the leaves, in reverse."""
    cotangent = Input("cotangent", output.shape)
    pulled = filled(reverse([output], [cotangent], leaves), leaves)
    return batched(pulled, {cotangent: identity(output.shape)}, output.shape)
