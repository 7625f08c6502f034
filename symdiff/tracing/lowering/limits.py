"""Loops that run as they are written, and are stopped where they do not end.

In: the definition of a function whose choices Python makes; while it runs, what its loops run over. Out: the same with
rounds that are counted: of a `while`, and of a `for` or a comprehension over what has no length, or over a list, which
may grow under its loop.
"""

import ast
import sys
from collections.abc import Iterator, Sized
from itertools import count
from typing import Any

from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.loops import does_not_end
from symdiff.tracing.lowering.names import RUNTIME

MOST_ROUNDS = 100_000  # of a loop that nothing that is traced ends
MOST_ADDED = 20_000  # items of a list while a loop runs over it
GROWS = "the list grows while the loop runs over it"


def with_limits(definition: ast.FunctionDef) -> ast.FunctionDef:
    """The definition with such loops.

    >>> source = "def f(x):\\n while x: pass\\n for k in x: pass"
    >>> print(ast.unparse(with_limits(ast.parse(source).body[0])))
    def f(x):
        __rounds_0__ = __symdiff__.Limit()
        while x:
            __rounds_0__.another()
            pass
        for k in __symdiff__.limited(x):
            pass
    """
    return ast.fix_missing_locations(_Limiting().visit(definition))  # type: ignore[no-any-return]


def repeats(node: ast.AST) -> bool:
    """Whether there is anything that may go on for ever."""
    return any(isinstance(part, ast.While | ast.For | ast.comprehension) for part in ast.walk(node))


class _Limiting(ast.NodeTransformer):
    def __init__(self) -> None:
        self._numbers = count()

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        self.generic_visit(node)
        name = f"__rounds_{next(self._numbers)}__"
        start = ast.Assign([ast.Name(name, ast.Store())], _call(ast.Name(RUNTIME, ast.Load()), "Limit", node.test))
        counted = ast.Expr(_call(ast.Name(name, ast.Load()), "another", node.test))
        node.body.insert(0, ast.copy_location(counted, node.test))
        return [ast.copy_location(start, node.test), node]

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        node.iter = _limited(node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        if not node.is_async:
            node.iter = _limited(node.iter)
        return node


def _limited(iterable: ast.expr) -> ast.expr:
    return _call(ast.Name(RUNTIME, ast.Load()), "limited", iterable, iterable)


def _call(owner: ast.expr, name: str, place: ast.expr, *args: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.Attribute(owner, name, ast.Load()), list(args), []), place)


class Limit:
    """The rounds of one `while` while it runs."""

    def __init__(self) -> None:
        self._made = 0

    def another(self, origin: Origin | None = None) -> None:
        """One more round, for which the caller asks, or the instruction at the origin."""
        self._made += 1
        if self._made > MOST_ROUNDS:
            forking.refuse(does_not_end(origin or _caller(2), f"it has made {MOST_ROUNDS:,} rounds"))


def limited(iterable: Any) -> Any:
    """The iterable, which is stopped if it has no length and does not end."""
    if isinstance(iterable, Sized) and type(iterable) is not list:
        return iterable
    origin = _caller(2)
    return _growing(iterable, origin) if isinstance(iterable, list) else _counted(iter(iterable), origin)


def _growing(items: list[Any], origin: Origin) -> Iterator[Any]:
    most = len(items) + MOST_ADDED
    for item in items:
        yield item
        if len(items) > most:
            forking.refuse(does_not_end(origin, GROWS))


def _counted(items: Iterator[Any], origin: Origin) -> Iterator[Any]:
    for made, item in enumerate(items):
        if made >= MOST_ROUNDS:
            forking.refuse(does_not_end(origin, f"it has made {MOST_ROUNDS:,} rounds"))
        yield item


def _caller(depth: int) -> Origin:
    """The instruction of the function that called."""
    frame = sys._getframe(depth)
    return Origin(frame.f_code, frame.f_lasti)
