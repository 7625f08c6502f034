"""Random programs, from a seed: graphs over the table of operations with shared values, branches and constants.

In: a seed. Out: a Program, and arguments for it. The same seed gives the same program in every process.
"""

import random
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.ops.row import Op, Refused
from symdiff.ops.table import OPS

_CONSTANTS = (0.5, -1.25, 2.0, 3.0, 0.1, -0.0, 1e-3, 7.0)


def scalar_program(seed: int, *, size: int = 25, inputs: int = 3, outputs: int = 2) -> Program:
    """A program of scalars: every row of the table may occur, on any argument."""
    rng = random.Random(seed)
    names = ["x", "y", "z", "a", "b"][:inputs]
    leaves = tuple(Input(name) for name in names)
    reals: list[Node] = [*leaves, *(make.constant(value) for value in rng.sample(_CONSTANTS, 3))]
    bools: list[Node] = []
    rows = [op for op in OPS.values() if _usable(op)]
    for _ in range(size):
        _grow(rng, rows, reals, bools)
    results = tuple(_recent(rng, reals) for _ in range(outputs))
    structure = LEAF if outputs == 1 else tuple_of([LEAF] * outputs)
    return Program("random_program", tuple(Parameter(name) for name in names), leaves, results, structure)


def vector_program(seed: int, *, size: int = 20) -> Program:
    """A program on two vectors and a number, with reductions, slices, products and joins."""
    rng = random.Random(seed)
    u, v, s = Input("u", (4,)), Input("v", (4,)), Input("s")
    vectors: list[Node] = [u, v, make.constant(np.array([0.5, -1.0, 2.0, 0.25]))]
    scalars: list[Node] = [s, make.constant(1.5)]
    names = ("add", "subtract", "multiply", "tanh", "sin", "exp", "maximum", "less")
    rows = [OPS[name] for name in names]
    for _ in range(size):
        _grow_vectors(rng, rows, vectors, scalars)
    outputs = (vectors[-1], scalars[-1], make.stack([scalars[-1], scalars[0]]))
    parameters = tuple(Parameter(name) for name in "uvs")
    return Program("random_vectors", parameters, (u, v, s), outputs, tuple_of([LEAF] * 3))


def arguments(seed: int, program: Program, shape: tuple[int, ...] = ()) -> list[Any]:
    """Floats for scalars, or arrays of the shape for an elementwise program; arrays for vectors."""
    rng = np.random.default_rng(seed)
    return [
        rng.uniform(-2.0, 2.0, leaf.shape or shape) if leaf.shape or shape else float(rng.uniform(-2.0, 2.0))
        for leaf in program.inputs
    ]


def _usable(op: Op) -> bool:
    """All rows but those of SciPy's, which may never return far outside their domain, and those without a partial."""
    return op.operands != "where" and not op.numpy.modules and not any(isinstance(p, Refused) for p in op.partials)


def _recent(rng: random.Random, nodes: list[Node]) -> Node:
    """A node, rather one of the last."""
    return rng.choice(nodes[-8:]) if rng.random() < 0.6 else rng.choice(nodes)


def _grow(rng: random.Random, rows: list[Op], reals: list[Node], bools: list[Node]) -> None:
    if bools and rng.random() < 0.2:
        reals.append(make.select(rng.choice(bools), _recent(rng, reals), _recent(rng, reals)))
        return
    op = rng.choice(rows)
    if op.operands == "bool" and not bools:
        return
    pool = bools if op.operands == "bool" else reals
    made = op(*(_recent(rng, pool) for _ in range(op.arity)))
    (bools if made.dtype == "bool" else reals).append(made)


def _grow_vectors(rng: random.Random, rows: list[Op], vectors: list[Node], scalars: list[Node]) -> None:
    match rng.randrange(8):
        case 0:
            scalars.append(make.reduce(rng.choice(["sum", "max", "min"]), rng.choice(vectors)))
        case 1:
            scalars.append(make.index(rng.choice(vectors), rng.randrange(4)))
        case 2:
            scalars.append(make.dot(rng.choice(vectors), rng.choice(vectors)))
        case 3:
            joined = make.concatenate(
                [make.index(rng.choice(vectors), slice(0, 2)), make.index(rng.choice(vectors), slice(2, 4))]
            )
            vectors.append(make.flip(joined, [0]))
        case 4:
            vectors.append(make.scatter(rng.choice(scalars), (rng.randrange(4),), (4,)))
        case 5:
            outer = make.einsum([[0], [1]], [0, 1], rng.choice(vectors), rng.choice(vectors))
            vectors.append(make.dot(make.transpose(outer), rng.choice(vectors)))
        case 6:
            condition = OPS["less"](rng.choice(vectors), rng.choice(scalars))
            vectors.append(make.select(condition, rng.choice(vectors), rng.choice(scalars)))
        case _:
            op = rng.choice([row for row in rows if row.result == "real"])
            made = op(*(rng.choice([*vectors, *scalars]) for _ in range(op.arity)))
            (vectors if made.shape else scalars).append(made)
