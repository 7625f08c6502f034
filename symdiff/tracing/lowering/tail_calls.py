"""Tail recursion as a loop: `return f(a, b)` at the end of f gives its parameters new values, and begins again.

In: the definition of a function whose name means itself. Out: the definition with a `while True:` around its body, if
it calls itself in tail position only, and gives all parameters; else the definition as it is. So for functions inside.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from symdiff.tracing.lowering.names import SCOPES, bound_by


def with_loops(definition: ast.FunctionDef) -> ast.FunctionDef:
    """The definition with loops in place of the tail calls of the functions inside it.

    Of those whose names are bound once: elsewhere a name may mean another function when it is called.
    """
    times = Counter(name for node in ast.walk(definition) for name in bound_by(node))
    definition.body = [
        as_loop(with_loops(each)) if isinstance(each, ast.FunctionDef) and times[each.name] == 1 else each
        for each in definition.body
    ]
    return definition


def as_loop(definition: ast.FunctionDef) -> ast.FunctionDef:
    """The definition without its tail calls.

    >>> source = "def halved(x):\\n    return x if x < 1 else halved(x / 2)"
    >>> print(ast.unparse(as_loop(ast.parse(source).body[0])))
    def halved(x):
        while True:
            if x < 1:
                return x
            else:
                x = x / 2
                continue
    """
    own = [node for node in ast.walk(definition) if isinstance(node, ast.Name) and node.id == definition.name]
    found = list(_tail_calls(definition.body, definition.name))
    inner = any(isinstance(node, SCOPES) for node in ast.walk(definition) if node is not definition)
    if not found or len(found) != len(own) or inner:
        return definition
    parameters = _parameters(definition.args)
    if any(_values(call, parameters) is None for call in found):
        return definition
    body = _block(definition.body, definition.name, parameters)
    if not _never_falls_off(body):
        body.append(_at(ast.Return(ast.Constant(None)), body[-1]))
    definition.body = [_at(ast.While(ast.Constant(True), body, []), definition.body[0])]
    return definition


def _parameters(arguments: ast.arguments) -> list[str]:
    """The names of the parameters in order; those by keyword last."""
    if arguments.vararg is not None or arguments.kwarg is not None:
        return []
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _values(call: ast.Call, parameters: Sequence[str]) -> dict[str, ast.expr] | None:
    """What the call gives each parameter; None where it leaves one to its default."""
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    given = dict(zip(parameters, call.args, strict=False))
    given |= {each.arg: each.value for each in call.keywords if each.arg is not None}
    return given if set(given) == set(parameters) and parameters else None


def _tail_calls(statements: Sequence[ast.stmt], name: str) -> Iterator[ast.Call]:
    for statement in statements:
        if isinstance(statement, ast.If):
            yield from _tail_calls([*statement.body, *statement.orelse], name)
        elif isinstance(statement, ast.Return) and statement.value is not None:
            yield from _called(statement.value, name)


def _called(value: ast.expr, name: str) -> Iterator[ast.Call]:
    if isinstance(value, ast.IfExp):
        yield from _called(value.body, name)
        yield from _called(value.orelse, name)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == name:
        yield value


def _block(statements: Sequence[ast.stmt], name: str, parameters: Sequence[str]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.If):
            statement.body = _block(statement.body, name, parameters)
            statement.orelse = _block(statement.orelse, name, parameters)
            found.append(statement)
        elif isinstance(statement, ast.Return) and statement.value is not None:
            found += _returned(statement.value, statement, name, parameters)
        else:
            found.append(statement)
    return found


def _returned(value: ast.expr, statement: ast.stmt, name: str, parameters: Sequence[str]) -> list[ast.stmt]:
    """What `return value` becomes."""
    calls = list(_called(value, name))
    if not calls:
        return [_at(ast.Return(value), statement)]
    if isinstance(value, ast.IfExp):
        sides = [_returned(side, statement, name, parameters) for side in (value.body, value.orelse)]
        return [_at(ast.If(value.test, *sides), value)]
    given = _values(calls[0], parameters)
    assert given is not None
    return [_at(_assigned(given), value), _at(ast.Continue(), value)]


def _assigned(given: Mapping[str, ast.expr]) -> ast.Assign:
    targets: list[ast.expr] = [ast.Name(each, ast.Store()) for each in given]
    values = list(given.values())
    if len(given) == 1:
        return ast.Assign(targets, values[0])
    return ast.Assign([ast.Tuple(targets, ast.Store())], ast.Tuple(values, ast.Load()))


def _never_falls_off(statements: Sequence[ast.stmt]) -> bool:
    last = statements[-1] if statements else None
    if isinstance(last, ast.If):
        return _never_falls_off(last.body) and _never_falls_off(last.orelse)
    return isinstance(last, ast.Return | ast.Raise | ast.Continue)


def _at(node: ast.stmt, like: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(node, like))
