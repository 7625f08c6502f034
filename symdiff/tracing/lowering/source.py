"""The source of a function, rewritten and compiled.

In: a code object. Out: the code of the same function with its choices made by the runtime, with the same file name,
lines, columns and free variables; None where there is no source, nothing to rewrite, or something that must stay as
it is.
"""

import ast
import dis
import linecache
import threading
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from types import CodeType

from symdiff.errors import ConversionError
from symdiff.origin import Origin
from symdiff.tracing.forking import refuse
from symdiff.tracing.lowering.exits import NotRewritableError
from symdiff.tracing.lowering.formatting import makes_texts, with_texts
from symdiff.tracing.lowering.limits import repeats, with_limits
from symdiff.tracing.lowering.matching import compares, with_comparisons
from symdiff.tracing.lowering.private import with_plain_names
from symdiff.tracing.lowering.rewriting import can_be_rewritten, may_be_a_position, rewritten
from symdiff.tracing.lowering.tail_calls import as_loop, with_loops
from symdiff.tracing.lowering.unread import without_unread
from symdiff.tracing.purity import outside_writes

_CHOICES = (
    ast.If,
    ast.Match,
    ast.IfExp,
    ast.BoolOp,
    ast.Not,
    ast.Compare,
    ast.Assert,
    ast.While,
    ast.For,
    ast.Try,
)
_NAME = "__lowered__"  # while it is compiled: its own name, which it may call, is not bound in the outer function
_lock = threading.Lock()  # CPython 3.11 cannot convert syntax trees in two threads at once


def lowered(code: CodeType, *, names_itself: bool = False) -> CodeType | None:
    """The code with choices that the runtime makes.

    names_itself: whether the function's name, read in it, is the function.
    """
    with _lock:
        return _lowered(code, names_itself)


def compared(code: CodeType) -> CodeType | None:
    """The code whose choices Python makes: comparisons in place of `match` and `is True`, texts of ours, limits."""
    with _lock:
        return _compared(code)


@lru_cache(maxsize=512)
def _compared(code: CodeType) -> CodeType | None:
    definition, made = _definition(code), None
    if definition is not None and (
        compares(definition) or makes_texts(definition) or repeats(definition) or any(outside_writes(code))
    ):
        definition = with_limits(with_texts(definition))
        definition.body, definition.decorator_list = with_comparisons(definition.body), []
        made = _compiled(definition, code)
    if made is None and (where := _asks_for_a_truth_value(code)) is not None:
        refuse(_cannot_be_asked(Origin(code, where)))
    return made


@lru_cache(maxsize=512)
def _lowered(code: CodeType, names_itself: bool) -> CodeType | None:
    definition = _definition(code)
    if definition is None or not _can_be_lowered(definition):
        return None
    try:
        inside = with_loops(with_texts(definition))
        changed = rewritten(as_loop(inside) if names_itself else inside)
    except NotRewritableError:
        return None
    changed.decorator_list = []
    return _compiled(changed, code)


def _asks_for_a_truth_value(code: CodeType) -> int | None:
    """Where code without a definition asks whether a value is `True` or `False`, as the offset of the instruction."""
    instructions = [each for each in dis.get_instructions(code) if each.opname not in ("CACHE", "EXTENDED_ARG")]
    pairs = pairwise(instructions)
    found = [after.offset for each, after in pairs if after.opname == "IS_OP" and type(each.argval) is bool]
    return found[0] if found else None


def _cannot_be_asked(origin: Origin) -> ConversionError:
    return ConversionError(
        "a lambda, or a function without source, asks whether a value is `True` or `False`",
        origin=origin,
        why="A truth value that depends on the arguments has no number yet: it would be neither.",
        fix="ask for the truth itself: a if flag else b; or write a function with def",
    )


def _definition(code: CodeType) -> ast.FunctionDef | None:
    """A fresh copy of the function's definition, without what it writes outside of itself and does not read."""
    lines = linecache.getlines(code.co_filename)
    if not lines or code.co_name == "<lambda>":
        return None
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return None
    found = [
        (node, inside)
        for node, inside in _functions(tree)
        if node.name == code.co_name and _first_line(node) == code.co_firstlineno
    ]
    return without_unread(with_plain_names(*found[0]), code.co_freevars) if len(found) == 1 else None


def _functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[ast.FunctionDef, str]]:
    """The functions, with the classes that they stand in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield node, inside
        yield from _functions(node, node.name if isinstance(node, ast.ClassDef) else inside)


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _can_be_lowered(definition: ast.FunctionDef) -> bool:
    parts = ast.walk(definition)
    return can_be_rewritten(definition) and any(isinstance(part, _CHOICES) or may_be_a_position(part) for part in parts)


def _compiled(definition: ast.FunctionDef, code: CodeType) -> CodeType | None:
    """The code of the definition, in an outer function that has its free variables."""
    assigned: list[ast.stmt] = [
        ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in code.co_freevars
    ]
    arguments = ast.arguments([], [], None, [], [], None, [])
    definition.name = _NAME
    outer = ast.FunctionDef("__outer__", arguments, [*assigned, definition], [])
    for statement in assigned:
        ast.copy_location(statement, definition)
    module = ast.fix_missing_locations(ast.Module([ast.copy_location(outer, definition)], []))
    try:
        compiled = compile(module, code.co_filename, "exec", dont_inherit=True, flags=_future_flags(code))
    except (SyntaxError, ValueError, RecursionError):  # too many blocks inside each other
        return None
    made = next((inner for inner in _nested(compiled) if inner.co_name == _NAME), None)
    if made is None or not set(made.co_freevars) <= set(code.co_freevars):
        return None
    # Its lines count from `def`: the decorators are gone.
    return made.replace(co_name=code.co_name, co_qualname=code.co_qualname)


def _future_flags(code: CodeType) -> int:
    import __future__

    known: int = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
    return code.co_flags & known


def _nested(code: CodeType) -> Iterator[CodeType]:
    outer = next(const for const in code.co_consts if isinstance(const, CodeType))
    return (const for const in outer.co_consts if isinstance(const, CodeType))
