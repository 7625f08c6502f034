"""Early exits made to fall through: `return`, `break` and `continue` under an `if` become assignments.

In: the statements of a function. Out: statements of the same meaning in which no `if` is left by an exit. In straight
code what follows an exit moves into the other side of the `if`; in loops flags remember that the round, or the loop, is
over, and guard what follows.
"""

import ast
from collections.abc import Sequence
from itertools import count

from symdiff.tracing.lowering.matching import with_comparisons
from symdiff.tracing.lowering.names import RUNTIME, binds, deferred, walk_scope
from symdiff.tracing.lowering.targets import breaks, keep_targets

RESULT = "__result__"
RETURNED = "__returned__"

_EXITS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_LOOPS = (ast.For, ast.While)
_LEFT = (ast.If, ast.Try, ast.With)  # in the middle of which an exit may be


class NotRewritableError(Exception):
    """A statement has no form that falls through: the function stays as it is, and its paths are traced one by one."""


def falling_through(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The body of a function with exits under an `if` made to fall through. Raises NotRewritableError."""
    for node in walk_scope(body):
        if isinstance(node, ast.While) and binds(node.test):
            _ask_inside(node)
    body = [_Asserted().visit(statement) for statement in with_comparisons(body)]
    if not any(isinstance(node, _LEFT) and _exits(node) for node in walk_scope(body)):
        return list(body)
    keep_targets(body)
    lowering = _Exits()
    lowered = lowering.function_block(list(body))
    first = body[0]
    start = [_assign(RESULT, _runtime("NOTHING", first), first)]
    if lowering.needs_flag:
        start.append(_assign(RETURNED, ast.Constant(False), first))
    result = _call("result", [_name(RESULT)], body[-1])
    return [*start, *lowered, _at(ast.Return(result), body[-1])]


def _ask_inside(loop: ast.While) -> None:
    """`while (y := f(x)) > 1:` as a loop that is left: what the last test binds stays bound after it."""
    if loop.orelse:
        raise NotRewritableError("the `else` of a loop whose test binds a name")
    asked = _assign("__test__", loop.test, loop.test)  # not under the `if`, only one side of which would bind the name
    leave = _choice(loop.test, _not(_name("__test__")), [_at(ast.Break(), loop.test)], [])
    loop.body = [asked, leave, *loop.body]
    loop.test = ast.copy_location(ast.Constant(True), loop.test)


class _Asserted(ast.NodeTransformer):
    """`assert test, message` as the `if` and the `raise` that it is."""

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        error = ast.Call(ast.Name("AssertionError", ast.Load()), [node.msg] if node.msg else [], [])
        return _choice(node, _not(node.test), [_at(ast.Raise(error), node)], [])


def _raised(statement: ast.Raise) -> ast.expr:
    """The call that raises in place of the statement."""
    if statement.exc is None or binds(statement.exc):
        raise NotRewritableError("an exception that is raised again")
    return _call("raised", [deferred(statement.exc)], statement)


class _Exits:
    def __init__(self) -> None:
        self.needs_flag = False
        self._numbers = count()

    def function_block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Straight code of the function itself: what follows an exit moves into the other side."""
        found: list[ast.stmt] = []
        for position, statement in enumerate(statements):
            rest = statements[position + 1 :]
            if isinstance(statement, ast.Return):
                return [*found, _assign(RESULT, statement.value or ast.Constant(None), statement)]
            if isinstance(statement, ast.Raise):
                return [*found, _assign(RESULT, _raised(statement), statement)]
            if isinstance(statement, ast.If) and _exits(statement):
                return [*found, *self.function_choice(statement, rest)]
            leaves, is_endless = _exits(statement), _is_endless(statement)
            found += self.inside(statement, None)
            if is_endless:
                return found
            if leaves:
                return [*found, *self.guarded_rest(rest, statement)]
        return [*found, _assign(RESULT, ast.Constant(None), statements[-1])] if statements else []

    def function_choice(self, choice: ast.If, rest: list[ast.stmt]) -> list[ast.stmt]:
        sides = [choice.body, choice.orelse]
        if not any(_always_exits(side) for side in sides) and rest:
            lowered = [self.loop_block(side, None) for side in sides]
            return [_choice(choice, choice.test, *lowered), *self.guarded_rest(rest, choice)]
        body, orelse = (side if _always_exits(side) else [*side, *rest] for side in sides)
        return [_choice(choice, choice.test, self.function_end(body, choice), self.function_end(orelse, choice))]

    def function_end(self, statements: list[ast.stmt], like: ast.AST) -> list[ast.stmt]:
        return self.function_block(statements) or [_assign(RESULT, ast.Constant(None), like)]

    def guarded_rest(self, rest: list[ast.stmt], like: ast.AST) -> list[ast.stmt]:
        """What follows, where the function has not returned."""
        self.needs_flag = True
        done = _assign(RETURNED, ast.Constant(True), like)
        return [_choice(like, _not(_name(RETURNED)), self.function_end(rest, like), []), done]

    def inside(self, statement: ast.stmt, loop: "_Loop | None") -> list[ast.stmt]:
        """A statement with what it contains made to fall through."""
        match statement:
            case ast.For() | ast.While():
                return self.loop(statement, loop)
            case ast.If():
                sides = [self.loop_block(side, loop) for side in (statement.body, statement.orelse)]
                return [_choice(statement, statement.test, *sides)]
            case ast.Try() if any(map(_exits, statement.finalbody)):
                raise NotRewritableError("an exit that a `finally` makes")
            case ast.With():
                statement.body = self.loop_block(statement.body, loop)
            case ast.Try():
                statement.body = self.loop_block(statement.body, loop)
                for handler in statement.handlers:
                    handler.body = self.loop_block(handler.body, loop)
                orelse = self.loop_block(statement.orelse, loop)
                if orelse and any(map(_exits, statement.body)):
                    over = _name(RETURNED) if loop is None else _name(loop.skip)
                    orelse = [_choice(statement, _not(over), orelse, [])]
                statement.orelse = orelse
                statement.finalbody = self.loop_block(statement.finalbody, loop)
            case ast.Match() | ast.TryStar() if _exits(statement) or any(map(_branches, walk_scope([statement]))):
                raise NotRewritableError("branches inside a `match` that takes its subject apart")
        return [statement]

    # Loops

    def loop(self, statement: ast.For | ast.While, outer: "_Loop | None") -> list[ast.stmt]:
        """A loop that flags stop, where something under an `if` leaves it."""
        leaves = any(isinstance(node, _LEFT) and _exits(node) for node in walk_scope(statement.body))
        orelse = self.loop_block(statement.orelse, outer)
        if not leaves and not _has_return(statement.body):
            statement.orelse = orelse
            return [statement]
        number, may_break = next(self._numbers), any(map(breaks, statement.body))
        loop = _Loop(f"__stop_{number}__", f"__skip_{number}__")
        body = [
            _assign(loop.skip, ast.Constant(False), statement),
            *self.loop_block(statement.body, loop),
        ]
        stops = _at(ast.If(_call("holds", [_name(loop.stop)], statement), [ast.Break()], []), statement)
        stops.symdiff_plain = True  # type: ignore[attr-defined]
        guarded = [_choice(statement, _not(_name(loop.stop)), body, []), stops]
        changed = ast.copy_location(
            ast.For(statement.target, statement.iter, guarded, [], statement.type_comment)
            if isinstance(statement, ast.For)
            else ast.While(_goes_on(loop.stop, statement.test), guarded, []),
            statement,
        )
        changed.symdiff_stop = loop.stop  # type: ignore[union-attr]
        changed.symdiff_returned = "" if may_break else RETURNED  # type: ignore[union-attr]
        result: list[ast.stmt] = [
            _assign(loop.skip, ast.Constant(False), statement),
            _assign(loop.stop, ast.Constant(False), statement),
            changed,
        ]
        if orelse:
            result.append(_choice(statement, _not(_name(loop.stop)), orelse, []))
        return result

    def loop_block(self, statements: list[ast.stmt], loop: "_Loop | None") -> list[ast.stmt]:
        """Statements in a loop, or in straight code that goes on after them: exits set flags."""
        found: list[ast.stmt] = []
        for position, statement in enumerate(statements):
            if isinstance(statement, _EXITS):
                return [*found, *self.flagged(statement, loop)]
            leaves, returns = _exits(statement), isinstance(statement, _LOOPS) and _has_return([statement])
            found += self.inside(statement, loop)
            if loop is not None and returns:
                returned = [_assign(flag, ast.Constant(True), statement) for flag in (loop.stop, loop.skip)]
                found.append(_choice(statement, _name(RETURNED), returned, []))
            rest = statements[position + 1 :]
            if leaves and rest:
                over = _name(RETURNED) if loop is None else _name(loop.skip)
                return [*found, _choice(statement, _not(over), self.loop_block(rest, loop), [])]
        return found

    def flagged(self, statement: ast.stmt, loop: "_Loop | None") -> list[ast.stmt]:
        flags: list[str] = []
        result: list[ast.stmt] = []
        if isinstance(statement, ast.Return | ast.Raise):
            self.needs_flag = True
            value = _raised(statement) if isinstance(statement, ast.Raise) else statement.value or ast.Constant(None)
            result.append(_assign(RESULT, value, statement))
            flags.append(RETURNED)
        if loop is not None:
            flags += [loop.skip] if isinstance(statement, ast.Continue) else [loop.skip, loop.stop]
        return [*result, *(_assign(flag, ast.Constant(True), statement) for flag in flags)]


class _Loop:
    def __init__(self, stop: str, skip: str) -> None:
        self.stop = stop
        self.skip = skip


def _goes_on(stop: str, test: ast.expr) -> ast.expr:
    """Whether another round is run: the loop has not been left, or not by all arguments, and the test holds there."""
    if isinstance(test, ast.Constant) or binds(test):
        return ast.copy_location(_and(_not(_name(stop)), test), test)
    return _call("another_round", [_name(stop), deferred(test)], test)


def _branches(node: ast.AST) -> bool:
    return isinstance(node, (ast.If, *_LOOPS))


def _exits(statement: ast.stmt) -> bool:
    """Whether control may leave the statement for a place outside of it."""
    return _exit_of(statement, in_loop=False)


def _exit_of(node: ast.AST, *, in_loop: bool) -> bool:
    if isinstance(node, ast.Return | ast.Raise):
        return True
    if isinstance(node, ast.Break | ast.Continue):
        return not in_loop
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        return False
    if isinstance(node, _LOOPS):  # a `break` under its `else` leaves the loop around it
        return any(_exit_of(inner, in_loop=True) for inner in node.body) or any(
            _exit_of(inner, in_loop=in_loop) for inner in node.orelse
        )
    return any(_exit_of(inner, in_loop=in_loop) for inner in ast.iter_child_nodes(node))


def _has_return(statements: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Return | ast.Raise) for node in walk_scope(statements))


def _is_endless(statement: ast.stmt) -> bool:
    """Whether it is a `while True:` that only a `return` or an exception ends."""
    if not isinstance(statement, ast.While) or not isinstance(statement.test, ast.Constant) or not statement.test.value:
        return False
    return not any(map(breaks, statement.body))


def _always_exits(statements: Sequence[ast.stmt]) -> bool:
    """Whether control never falls off the end of straight code."""
    for statement in statements:
        if isinstance(statement, ast.Return | ast.Raise):
            return True
        if isinstance(statement, ast.If) and _always_exits(statement.body) and _always_exits(statement.orelse):
            return True
    return False


def _at(node: ast.stmt, like: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(node, like))


def _assign(name: str, value: ast.expr, like: ast.AST) -> ast.stmt:
    return _at(ast.Assign([ast.Name(name, ast.Store())], value), like)


def _choice(like: ast.AST, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> ast.stmt:
    return _at(ast.If(test, body or [ast.Pass()], orelse), like)


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _not(value: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), value)


def _and(first: ast.expr, second: ast.expr) -> ast.expr:
    return ast.BoolOp(ast.And(), [first, second])


def _runtime(name: str, like: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Attribute(_name(RUNTIME), name, ast.Load()), like)


def _call(name: str, args: list[ast.expr], like: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Call(_runtime(name, like), args, []), like)
