"""What becomes of an operation whose arguments are complex.

In: a row of the table and its arguments. Out: the row that takes its place, and the arguments as it wants them. A real
number among complex ones stays real: NumPy promotes it in arithmetic, and its cotangent is a real part.
"""

from symdiff.errors import UnsupportedError
from symdiff.ir.nodes import Const, Map, Node, ambient, numeric_dtype, record
from symdiff.ops import complex_rows
from symdiff.ops.row import Op

Arguments = tuple[Node, ...]


def on_complex(op: Op, args: Arguments) -> tuple[Op, Arguments]:
    """The row for complex arguments. Raises UnsupportedError where the operation has no meaning for them."""
    row = op if op.operands == "complex" else complex_rows.ON_COMPLEX.get(op)
    if row is None:
        raise not_for_complex(op.name)
    if numeric_dtype(args) != "complex":
        return row, (as_complex(args[0]), *args[1:])
    if row in complex_rows.ARITHMETIC:
        args = _promoted_by_itself(args)
    return row, args


def as_complex(node: Node) -> Node:
    """The node itself, or a real one as a complex number."""
    if node.dtype == "complex":
        return node
    return record(complex_rows.as_complex, node)


def conjugate(node: Node) -> Node:
    """The complex conjugate; a real node as it is."""
    return complex_rows.conj(node) if node.dtype == "complex" else node


def real_part(node: Node) -> Node:
    """The real part; a real node as it is."""
    return complex_rows.real(node) if node.dtype == "complex" else node


def before_promotion(node: Node) -> Node | None:
    """The real number that was made complex, if the node is one."""
    return node.args[0] if isinstance(node, Map) and node.op is complex_rows.as_complex else None


def not_for_complex(name: str, fix: str = "") -> UnsupportedError:
    """The refusal of an operation that only real numbers have."""
    return UnsupportedError(
        f"{name} of complex numbers is not {'traceable' if fix else 'defined'}",
        origin=ambient.origin,
        why="Its rules are those for real numbers." if fix else "Complex numbers have no order, and no rounding.",
        fix=fix or "apply it to a real number made of it: z.real, z.imag or abs(z)",
    )


def _promoted_by_itself(args: Arguments) -> Arguments:
    """The arguments without the promotions that arithmetic makes anyway, as long as one of them is complex."""
    given = list(args)
    for position, arg in enumerate(given):
        plain = before_promotion(arg)
        others = given[:position] + given[position + 1 :]
        if plain is not None and not isinstance(plain, Const) and numeric_dtype(others) == "complex":
            given[position] = plain
    return tuple(given)
