"""Loops that run as they are written, and are stopped where they do not end.

In: the definition of a function whose choices Python makes; while it runs, what its loops run over. Out: the same with
rounds that are counted: of a `while`, and of a `for` or a comprehension over a range, over what has no length, or over
a list, which may grow under its loop.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Sized
from contextlib import suppress
from itertools import count
from types import FrameType
from typing import Any

from symdiff.ir import interning
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.loops import does_not_end
from symdiff.tracing.lowering.names import RUNTIME

MOST_ROUNDS = 100_000  # of a loop that nothing that is traced ends
LONGEST_RANGE = 10_000_000  # rounds of a `for` over a range
MOST_OPERATIONS = 1_000_000  # on traced values, of the rounds of one loop
MOST_BITS = 1_000_000  # of a whole number, which grows ever faster: i = i * i + 1
FEW = 16  # parts of a container, whose size is asked for in every round
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
    """The rounds of one loop while it runs: how many there are, what they compute, and how large whole numbers grow."""

    def __init__(self, most: int | None = None) -> None:
        self._most = MOST_ROUNDS if most is None else most
        self._made = 0
        self._started = interning.operations()

    def another(self, origin: Origin | None = None, frame: FrameType | None = None) -> None:
        """One more round, for which the caller asks, or the instruction at the origin of the frame's function."""
        self._made += 1
        problem = self._problem(frame or sys._getframe(1))
        if problem:
            forking.refuse(does_not_end(origin or _caller(2), problem))

    def _problem(self, frame: FrameType) -> str:
        if self._made > self._most:
            return f"it has made {self._most:,} rounds"
        if interning.operations() - self._started > MOST_OPERATIONS:
            return f"it has made more than {MOST_OPERATIONS:,} operations"
        for name, value in frame.f_locals.items():
            if any(type(part) is int and part.bit_length() > MOST_BITS for part in (value, *_parts(value))):
                return f"`{name}` has grown to more than {MOST_BITS:,} bits"
        return ""


def _parts(value: Any) -> Iterable[Any]:
    """What a small container, or an object of a class that is written in Python, holds."""
    if type(value) in (list, tuple):
        return value if len(value) <= FEW else (value[0], value[-1])
    held = value
    if type(value).__dictoffset__:
        with suppress(AttributeError):
            held = object.__getattribute__(value, "__dict__")
    return list(held.values()) if type(held) is dict and len(held) <= FEW else ()


def limited(iterable: Any) -> Any:
    """The iterable, which is stopped if it does not end, or not for long."""
    if isinstance(iterable, Sized) and not isinstance(iterable, list | range):
        return iterable
    origin, frame = _caller(2), sys._getframe(1)
    if isinstance(iterable, list):
        return _growing(iterable, origin)
    return _counted(iterable, origin, frame, LONGEST_RANGE if isinstance(iterable, range) else MOST_ROUNDS)


def _growing(items: list[Any], origin: Origin) -> Iterator[Any]:
    most = len(items) + MOST_ADDED
    for item in items:
        yield item
        if len(items) > most:
            forking.refuse(does_not_end(origin, GROWS))


def _counted(items: Iterable[Any], origin: Origin, frame: FrameType, most: int) -> Iterator[Any]:
    limit = Limit(most)
    for item in items:
        limit.another(origin, frame)
        yield item


def _caller(depth: int) -> Origin:
    """The instruction of the function that called."""
    frame = sys._getframe(depth)
    return Origin(frame.f_code, frame.f_lasti)
