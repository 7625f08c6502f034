"""`match` on values as the `if` … `elif` that it is.

In: the statements of a function. Out: the same, in which a `match` whose patterns are values, alternatives of them,
names and wildcards compares its subject. What takes a subject apart stays a `match`.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import count

_VALUES = (ast.MatchValue, ast.MatchSingleton)


def with_comparisons(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements with comparisons in place of such matches.

    >>> cases = "case 0: y = a", "case 1 | 2 if a > b: y = b", "case k: y = k"
    >>> source = "\\n ".join(["match n:", *cases])
    >>> print(ast.unparse(ast.Module(with_comparisons(ast.parse(source).body), [])))
    __subject_0 = n
    if __subject_0 == 0:
        y = a
    elif (__subject_0 == 1 or __subject_0 == 2) and a > b:
        y = b
    else:
        k = __subject_0
        y = k
    """
    tree = _Comparing().visit(ast.Module(list(body), []))
    found: list[ast.stmt] = ast.fix_missing_locations(tree).body
    return found


class _Comparing(ast.NodeTransformer):
    def __init__(self) -> None:
        self._numbers = count()

    def visit_Match(self, node: ast.Match) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if not all(_is_simple(case) for case in node.cases):
            return node
        name = f"__subject_{next(self._numbers)}"
        subject = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], node.subject), node.subject)
        chain: list[ast.stmt] = []
        for case in reversed(node.cases):
            test, body = _test(case, name), [*_bound(case.pattern, name), *case.body]
            chain = body if test is None else [ast.copy_location(ast.If(test, body, chain), case.pattern)]
        return [subject, *chain]


def _is_simple(case: ast.match_case) -> bool:
    pattern = case.pattern
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        return pattern.name is None or case.guard is None
    return isinstance(pattern, _VALUES) or (
        isinstance(pattern, ast.MatchOr) and all(isinstance(each, _VALUES) for each in pattern.patterns)
    )


def _test(case: ast.match_case, name: str) -> ast.expr | None:
    """Whether the case is taken; None where it always is."""
    parts = list(_compared(case.pattern, name))
    parts += [case.guard] if case.guard is not None else []
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else ast.copy_location(ast.BoolOp(ast.And(), parts), case.pattern)


def _compared(pattern: ast.pattern, name: str) -> Iterator[ast.expr]:
    subject = ast.Name(name, ast.Load())
    if isinstance(pattern, ast.MatchValue):
        yield ast.copy_location(ast.Compare(subject, [ast.Eq()], [pattern.value]), pattern)
    elif isinstance(pattern, ast.MatchSingleton):
        yield ast.copy_location(ast.Compare(subject, [ast.Is()], [ast.Constant(pattern.value)]), pattern)
    elif isinstance(pattern, ast.MatchOr):
        tests = [test for each in pattern.patterns for test in _compared(each, name)]
        yield ast.copy_location(ast.BoolOp(ast.Or(), tests), pattern)


def _bound(pattern: ast.pattern, name: str) -> list[ast.stmt]:
    if not isinstance(pattern, ast.MatchAs) or pattern.name is None:
        return []
    bound = ast.Assign([ast.Name(pattern.name, ast.Store())], ast.Name(name, ast.Load()))
    return [ast.copy_location(bound, pattern)]
