"""`match` on values as the `if` … `elif` that it is, and `is True` as the comparison that it is.

In: the statements of a function. Out: the same, in which a `match` whose patterns are values, alternatives of them,
names and wildcards, or a tuple of such for a subject that is written as one, compares its subject. What else takes a
subject apart stays a `match`. The runtime is asked whether a value is `True` or `False`, as a traced one never is.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from symdiff.tracing.lowering.names import RUNTIME

_VALUES = (ast.MatchValue, ast.MatchSingleton)


def with_comparisons(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements with comparisons in place of such matches.

    >>> cases = "case 0: y = a", "case 1 | 2 if a > b: y = b", "case k: y = k"
    >>> source = "\\n ".join(["match n:", *cases])
    >>> print(ast.unparse(ast.Module(with_comparisons(ast.parse(source).body), [])))
    __subject_0__ = n
    if __subject_0__ == 0:
        y = a
    elif (__subject_0__ == 1 or __subject_0__ == 2) and a > b:
        y = b
    else:
        k = __subject_0__
        y = k
    """
    tree = _Comparing().visit(ast.Module(list(body), []))
    found: list[ast.stmt] = ast.fix_missing_locations(tree).body
    return found


def compares(node: ast.AST) -> bool:
    """Whether there is anything to put a comparison in place of."""
    return any(
        isinstance(part, ast.Match) or _asks_for_a_truth_value(part) or _suppresses(part) for part in ast.walk(node)
    )


class _Comparing(ast.NodeTransformer):
    def __init__(self) -> None:
        self._numbers = count()

    def visit_Match(self, node: ast.Match) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if not all(_is_simple(case.pattern, node.subject) for case in node.cases):
            return _with_values_looked_at(node)
        name = f"__subject_{next(self._numbers)}__"
        subject = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], node.subject), node.subject)
        chain: list[ast.stmt] = []
        for case in reversed(node.cases):
            held = ast.Name(name, ast.Load())
            test, body = _test(case, held), [*_bound(case.pattern, held), *case.body]
            chain = body if test is None else [ast.copy_location(ast.If(test, body, chain), case.pattern)]
        return [subject, *chain]

    def visit_With(self, node: ast.With) -> ast.stmt | list[ast.stmt]:
        """`with suppress(ValueError):` as the `try` that it is."""
        self.generic_visit(node)
        if not _suppresses(node):
            return node
        name = f"__suppressed_{next(self._numbers)}__"
        call = node.items[0].context_expr
        assert isinstance(call, ast.Call)
        asked = ast.Call(ast.Attribute(ast.Name(RUNTIME, ast.Load()), "suppressed", ast.Load()), [], [])
        asked.args = [call.func, *call.args]
        caught = ast.Assign([ast.Name(name, ast.Store())], ast.copy_location(asked, call))
        handler = ast.ExceptHandler(ast.Name(name, ast.Load()), None, [ast.Pass()])
        tried = ast.Try(node.body, [ast.copy_location(handler, node)], [], [])
        return [ast.copy_location(each, node) for each in (caught, tried)]

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        return _truth_value_of(node) if _asks_for_a_truth_value(node) else node


def _suppresses(node: ast.AST) -> bool:
    """Whether it is a `with` whose only item is a call of something that is named `suppress`."""
    match node:
        case ast.With(items=[ast.withitem(ast.Call(func=function, keywords=[]), None)]):
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            return name == "suppress"
    return False


def _asks_for_a_truth_value(node: ast.AST) -> bool:
    """Whether it is `value is True` or one of its kind: also where only the other side says so when it runs."""
    match node:
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], left=left, comparators=[right]):
            return not any(isinstance(each, ast.Constant) and type(each.value) is not bool for each in (left, right))
    return False


def _truth_value_of(node: ast.Compare) -> ast.expr:
    name = "distinct" if isinstance(node.ops[0], ast.IsNot) else "identical"
    asked = ast.Call(ast.Attribute(ast.Name(RUNTIME, ast.Load()), name, ast.Load()), [], [])
    asked.args = [node.left, node.comparators[0]]
    return ast.fix_missing_locations(ast.copy_location(asked, node))


def _with_values_looked_at(node: ast.Match) -> ast.Match:
    """A `match` that stays one; no traced value in its subject may be asked whether it is `True`."""
    patterns = [part for case in node.cases for part in ast.walk(case.pattern)]
    if not any(isinstance(part, ast.MatchSingleton) and part.value is not None for part in patterns):
        return node
    looked_at = ast.Call(ast.Attribute(ast.Name(RUNTIME, ast.Load()), "without_truths", ast.Load()), [node.subject], [])
    node.subject = ast.copy_location(looked_at, node.subject)
    return node


def _is_simple(pattern: ast.pattern, subject: ast.expr) -> bool:
    match pattern, subject:
        case ast.MatchAs(), _:
            return pattern.pattern is None
        case ast.MatchSequence(), ast.Tuple():
            parts = [*pattern.patterns, *subject.elts]
            is_whole = not any(isinstance(each, ast.MatchStar | ast.Starred) for each in parts)
            pairs = zip(pattern.patterns, subject.elts, strict=False)
            return is_whole and len(parts) == 2 * len(subject.elts) and all(_is_simple(*pair) for pair in pairs)
        case ast.MatchOr(), _:
            return all(isinstance(each, _VALUES) for each in pattern.patterns)
    return isinstance(pattern, _VALUES)


class _Renaming(ast.NodeTransformer):
    """Names of a pattern in its guard, which is asked before they are bound."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(self._values.get(node.id, node), node)


def _test(case: ast.match_case, subject: ast.expr) -> ast.expr | None:
    """Whether the case is taken; None where it always is."""
    parts = list(_compared(case.pattern, subject))
    if case.guard is not None:
        bound = {each.targets[0].id: each.value for each in _bound(case.pattern, subject)}  # type: ignore[attr-defined]
        parts.append(_Renaming(bound).visit(case.guard))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else ast.copy_location(ast.BoolOp(ast.And(), parts), case.pattern)


def _compared(pattern: ast.pattern, subject: ast.expr) -> Iterator[ast.expr]:
    match pattern:
        case ast.MatchValue():
            yield ast.copy_location(ast.Compare(subject, [ast.Eq()], [pattern.value]), pattern)
        case ast.MatchSingleton():
            test = ast.Compare(subject, [ast.Is()], [ast.Constant(pattern.value)])
            yield ast.copy_location(_truth_value_of(test) if _asks_for_a_truth_value(test) else test, pattern)
        case ast.MatchOr():
            tests = [test for each in pattern.patterns for test in _compared(each, subject)]
            yield ast.copy_location(ast.BoolOp(ast.Or(), tests), pattern)
        case ast.MatchSequence():
            for at, part in enumerate(pattern.patterns):
                yield from _compared(part, _item(subject, at))


def _item(subject: ast.expr, at: int) -> ast.expr:
    return ast.Subscript(subject, ast.Constant(at), ast.Load())


def _bound(pattern: ast.pattern, subject: ast.expr) -> Iterator[ast.Assign]:
    match pattern:
        case ast.MatchAs(name=str(name)):
            yield ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], subject), pattern)
        case ast.MatchSequence():
            for at, part in enumerate(pattern.patterns):
                yield from _bound(part, _item(subject, at))
