"""A SymPy expression as a node.

In: an expression, and the nodes its symbols stand for. Out: the node. Iterative; numbers stay exact: p/q is a division
unless a double holds it. Sums and products are balanced, a + (-1)*b is a difference, a*b**-1 a quotient.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy

from symdiff.errors import ExpressionError
from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ops import elementary as e
from symdiff.ops.row import Op
from symdiff.ops.table import OPS, SYMPY_HEADS

_LARGEST_INTEGER = 2**53


def from_sympy(expression: Any, symbols_to_nodes: Mapping[Any, Node]) -> Node:
    """The node of a SymPy expression. Raises ExpressionError where a function or a symbol is unknown.

    >>> from symdiff.ir.nodes import Input
    >>> x = Input("x")
    >>> from_sympy(sympy.Symbol("x") - 2, {sympy.Symbol("x"): x}) is x - 2.0
    True
    """
    if not isinstance(expression, sympy.Basic):
        raise ExpressionError(
            f"expected a SymPy expression, got {type(expression).__name__}: text is never evaluated",
            fix="sympy.parse_expr(text), if the text is your own",
        )
    done: dict[Any, Node] = dict(symbols_to_nodes)
    stack = [expression]
    while stack:
        part = stack[-1]
        missing = [] if part in done else [child for child in _children(part) if child not in done]
        if missing:
            stack += reversed(missing)
            continue
        if part not in done:
            done[part] = _node(part, done)
        stack.pop()
    return done[expression]


def balanced(op: Op, nodes: Sequence[Node]) -> Node:
    """All nodes combined by an associative operation, in pairs, which keeps rounding errors small."""
    level = list(nodes)
    while len(level) > 1:
        pairs = [op(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def _children(part: Any) -> list[Any]:
    """The expressions whose nodes are needed before this one's."""
    if part.is_Add:
        plus, minus = _signed_terms(part)
        return plus + minus
    if part.is_Mul:
        _, above, below = _fraction(part)
        return above + below
    if part.is_Pow and _is_plain(part.exp):
        return [1 / part] if part.exp.is_negative and part.exp != -1 else [part.base]
    if isinstance(part, sympy.Piecewise):
        return [child for pair in part.args for child in pair.args]
    return list(part.args) if not part.is_Number else []


def _node(part: Any, done: Mapping[Any, Node]) -> Node:
    """The node of an expression whose children are done."""
    if part.is_Number or part in (sympy.true, sympy.false, sympy.zoo) or part.is_NumberSymbol:
        return _constant(part)
    if part.is_Add:
        plus, minus = ([done[term] for term in terms] for terms in _signed_terms(part))
        if not plus:
            return -balanced(e.add, minus)
        return balanced(e.add, plus) - balanced(e.add, minus) if minus else balanced(e.add, plus)
    if part.is_Mul:
        sign, above, below = _fraction(part)
        product = balanced(e.multiply, [done[factor] for factor in above]) if above else make.constant(1.0)
        product = product / balanced(e.multiply, [done[factor] for factor in below]) if below else product
        return -product if sign < 0 else product
    if part.is_Pow:
        return _power(part, done)
    if isinstance(part, sympy.Piecewise):
        return _choice(part, done)
    if isinstance(part, sympy.ITE):
        return make.select(*(done[arg] for arg in part.args))
    read = SYMPY_HEADS.get((part.func.__name__, len(part.args)))
    if read is not None:
        return make.lift(read(*(int(arg) if arg.is_Integer else done[arg] for arg in part.args)))
    op = _heads().get(part.func)
    if op is None:
        unknown = f"the symbol {part} stands for no node" if part.is_Symbol else f"SymPy's {part} is no operation here"
        raise ExpressionError(
            unknown, fix="give a node for every symbol, and rewrite the expression with functions of symdiff's table"
        )
    arguments = [done[arg] for arg in part.args]
    if len(arguments) > op.arity == 2:
        return balanced(op, arguments)
    return make.apply(op, arguments)


def _signed_terms(part: Any) -> tuple[list[Any], list[Any]]:
    """The terms of a sum that are added, and those that are subtracted."""
    plus, minus = [], []
    for term in part.args:
        if term.as_coeff_Mul()[0].is_extended_negative:
            minus.append(-term)
        else:
            plus.append(term)
    return plus, minus


def _fraction(part: Any) -> tuple[int, list[Any], list[Any]]:
    """The sign of a product, its factors above the line, and those below."""
    sign, above, below = 1, [], []
    for factor in part.args:
        if factor.is_Rational:
            sign = -1 if factor.is_negative else 1
            exact = _is_double(factor)
            above += [abs(factor)] if exact and abs(factor) != 1 else []
            above += [sympy.Integer(abs(factor.p))] if not exact and abs(factor.p) != 1 else []
            below += [] if exact else [sympy.Integer(factor.q)]
        elif factor.is_Pow and _is_plain(factor.exp) and factor.exp.is_negative:
            below.append(1 / factor)
        else:
            above.append(factor)
    return sign, above, below


def _is_plain(exponent: Any) -> bool:
    """An exponent that is written into the operation itself."""
    return bool(exponent.is_Integer or (exponent.is_Rational and exponent.q == 2))


def _power(part: Any, done: Mapping[Any, Node]) -> Node:
    base, exponent = part.base, part.exp
    if not _is_plain(exponent):
        return e.exp(done[exponent]) if base is sympy.E else e.power(done[base], done[exponent])  # type: ignore[no-any-return]
    if exponent.is_negative and exponent != -1:
        return 1.0 / done[1 / part]
    return e.power(done[base], float(exponent))  # type: ignore[no-any-return]


def _choice(part: Any, done: Mapping[Any, Node]) -> Node:
    """Nested selects; nan where no condition of the Piecewise holds."""
    result = make.constant(float("nan"))
    for value, condition in reversed(part.args):
        result = make.select(done[condition], done[value], result)
    return result


def _is_double(value: Any) -> bool:
    """Whether a Rational is a double for sure: few digits over a power of two."""
    return bool(abs(value.p) <= _LARGEST_INTEGER and value.q <= _LARGEST_INTEGER and value.q & (value.q - 1) == 0)


def _constant(part: Any) -> Node:
    if part.is_Boolean:
        return make.constant(bool(part))
    if part.is_Rational and not _is_double(part):
        if max(abs(part.p), part.q) > _LARGEST_INTEGER:
            raise ExpressionError(
                f"the number {part} is beyond what doubles hold exactly", fix="sympy.N(expression), which rounds it"
            )
        return make.constant(float(part.p)) / make.constant(float(part.q))
    return make.constant(float("nan") if part is sympy.zoo else float(part))


@lru_cache(maxsize=1)
def _heads() -> dict[Any, Op]:
    """The operation of every SymPy function that some row of the table has for its head."""
    found: dict[Any, Op] = {}
    for op in OPS.values():
        names = [f"x{position}" for position in range(op.arity)]
        symbols = tuple(sympy.Symbol(name, real=None if op.operands == "bool" else True) for name in names)
        try:
            view = op.in_sympy(sympy, *symbols)
        except (AttributeError, TypeError, ValueError):
            continue  # a row whose view is no function of plain symbols
        if set(view.args) == set(symbols) and not (view.is_Add or view.is_Mul or view.is_Pow):
            found.setdefault(view.func, op)
    return found
