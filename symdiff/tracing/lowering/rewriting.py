"""Choices turned into calls of the runtime.

In: the definition of a function. Out: the same definition in which `if`, ternaries, `and`, `or`, `not`, chained
comparisons and `in` a literal ask the runtime, which may run both sides:

    if x > 0:                     __choice_0 = __symdiff__.choice(('y',), False)
        y = a                     while __choice_0.more():
    elif x > -1:                      y = __choice_0['y']
        y = b           becomes       if __choice_0.reaches(0) and __choice_0.takes(x > 0):
    else:                                 y = a
        y = c                         elif __choice_0.reaches(1) and __choice_0.takes(x > -1):
                                          y = b
                                      else:
                                          y = c
                                  y = __choice_0['y']
"""

import ast
import copy
from collections.abc import Sequence
from itertools import count
from typing import Any, TypeGuard

from symdiff.tracing.lowering.changes import may_change
from symdiff.tracing.lowering.exits import NotRewritableError, falling_through
from symdiff.tracing.lowering.limits import with_limits
from symdiff.tracing.lowering.names import (
    RUNTIME,
    Path,
    binds,
    bound_names,
    changed_names,
    deferred,
    passed_through,
    read_names,
    walk_scope,
    written_into,
)

_LEFT_ALONE = (ast.Yield, ast.YieldFrom, ast.Await, ast.Global)
_FRAME_READERS = frozenset({"locals", "vars", "exec", "eval", "dir"})
_SEQUENCES = frozenset({"range", "enumerate", "zip", "reversed", "count", "repeat"})


def rewritten(definition: ast.FunctionDef) -> ast.FunctionDef:
    """The definition with choices that the runtime makes. Raises NotRewritableError."""
    return _Rewriting().function(definition)


def can_be_rewritten(definition: ast.FunctionDef) -> bool:
    """Whether the function itself may have more names, and runs from its beginning to its end."""
    parts = list(walk_scope(definition.body))
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    return not any(isinstance(part, _LEFT_ALONE) for part in parts) and names.isdisjoint(_FRAME_READERS)


class _Rewriting(ast.NodeTransformer):
    def __init__(self) -> None:
        self._numbers = count()
        self._sometimes: set[str] = set()  # names bound under an `if` of the function that is being rewritten

    def function(self, definition: ast.FunctionDef) -> ast.FunctionDef:
        outer, passed = self._sometimes, passed_through(definition)
        definition.body = falling_through(definition.body)
        choices = [node for node in walk_scope(definition.body) if isinstance(node, ast.If | ast.Try)]
        self._sometimes = {name for choice in choices for name in bound_names(ast.iter_child_nodes(choice))}
        definition.body = self.block(definition.body)
        if passed:
            definition.body.insert(0, _located(ast.Nonlocal(passed), definition.body[0]))
        self._sometimes = outer
        return definition

    def block(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for statement in statements:
            changed = self.visit(statement)
            found += changed if isinstance(changed, list) else [changed]
        return found

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """An inner function; one that cannot be rewritten is left as it is, and its paths are traced one by one."""
        if not can_be_rewritten(node):
            return with_limits(node)
        try:
            return self.function(copy.deepcopy(node))
        except NotRewritableError:
            return with_limits(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.body = [self.visit(each) if isinstance(each, ast.FunctionDef) else each for each in node.body]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        node.body = self.visit(node.body)
        return node

    # Statements

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        if getattr(node, "symdiff_plain", False):
            return node
        arms, orelse = _arms(node)
        name = f"__choice_{next(self._numbers)}__"
        parts = [statement for arm in arms for statement in arm.body] + orelse
        bound = bound_names(parts) + bound_names([arm.test for arm in arms])
        tests: list[ast.AST] = [arm.test for arm in arms]
        reads = read_names([*parts, *tests]) & self._sometimes
        names = [*dict.fromkeys(bound), *sorted(reads - set(bound))]
        changes = any(may_change(statement) for statement in [*parts, *tests])
        again = [name for name in names if name in self._sometimes]
        chain = [*_rebinding(orelse, again, name), *self.block(orelse)]
        for number, arm in reversed(list(enumerate(arms))):
            reaches = _call(_attribute(name, "reaches"), [ast.Constant(number)])
            takes = _call(_attribute(name, "takes"), [self.visit(arm.test)])
            test = ast.copy_location(ast.BoolOp(ast.And(), [reaches, takes]), arm.test)
            body = [*_rebinding(arm.body, again, name), *self.block(arm.body)]
            chain = [ast.copy_location(ast.If(test, body, chain), arm)]
        bind = [_bind(each, name) for each in names]
        loop = ast.While(_call(_attribute(name, "more"), []), [*bind, *chain], [])
        made = _call(
            _attribute(RUNTIME, "choice"),
            [ast.Tuple([ast.Constant(each) for each in names], ast.Load()), ast.Constant(changes)],
        )
        start = ast.Assign([ast.Name(name, ast.Store())], made)
        return [_located(each, node) for each in (start, loop, *(_bind(each, name) for each in names))]

    def visit_Try(self, node: ast.Try) -> ast.stmt | list[ast.stmt]:
        """A `try` runs once more for every place that may raise what it catches."""
        if not node.handlers:
            return self.generic_visit(node)  # type: ignore[return-value]
        name = f"__try_{next(self._numbers)}__"
        parts = [*node.body, *(each for handler in node.handlers for each in handler.body)]
        parts += [*node.orelse, *node.finalbody]
        bound = bound_names(parts)
        names = [*bound, *sorted((read_names(parts) & self._sometimes) - set(bound))]
        caught = ast.Tuple([each.type or ast.Name("BaseException", ast.Load()) for each in node.handlers], ast.Load())
        if binds(caught):
            return self.generic_visit(node)  # type: ignore[return-value]
        handled = ast.Expr(_call(_attribute(name, "handled"), []))
        node.body = self.block(node.body)
        for handler in node.handlers:
            handler.body = [_located(handled, handler), *self.block(handler.body)]
        node.orelse = [_located(handled, node), *self.block(node.orelse)]
        node.finalbody = [_located(handled, node), *self.block(node.finalbody)] if node.finalbody else []
        loop = ast.While(_call(_attribute(name, "more"), []), [*(_bind(each, name) for each in names), node], [])
        args = [_literal(tuple(names)), deferred(caught), ast.Constant(any(map(may_change, parts)))]
        start = ast.Assign([ast.Name(name, ast.Store())], _call(_attribute(RUNTIME, "trying"), args))
        return [_located(each, node) for each in (start, loop, *(_bind(each, name) for each in names))]

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        """`del name` leaves the name as one that is not assigned, which may be so on one side of a choice only."""
        return [self._deleted(target, node) for target in node.targets]

    def _deleted(self, target: ast.expr, node: ast.Delete) -> ast.stmt:
        if not isinstance(target, ast.Name):
            return _located(ast.Delete([self.visit(target)]), node)
        value = _call(_attribute(RUNTIME, "deleted"), [ast.Name(target.id, ast.Load()), ast.Constant(target.id)])
        return _located(ast.Assign([ast.Name(target.id, ast.Store())], value), node)

    def visit_While(self, node: ast.While) -> ast.stmt | list[ast.stmt]:
        if _ends_by_itself(node):
            return self.generic_visit(node)  # type: ignore[return-value]
        name = f"__loop_{next(self._numbers)}__"
        parts = [*node.body, node.test]
        bound, written = changed_names(parts), written_into(parts)
        goes_on = ast.copy_location(_call(_attribute(name, "goes_on"), [self.visit(node.test)]), node.test)
        inside = ast.If(goes_on, self.block(node.body), [])
        repeated = ast.While(_call(_attribute(name, "more"), []), [*(_bind(each, name) for each in bound), inside], [])
        return self._repetition(node, name, bound, written, repeated)

    def visit_For(self, node: ast.For) -> ast.stmt | list[ast.stmt]:
        if _ends_by_itself(node):
            return self.generic_visit(node)  # type: ignore[return-value]
        name = f"__loop_{next(self._numbers)}__"
        targets, bound, written = bound_names([node.target]), changed_names(node.body), written_into(node.body)
        rounds = ast.copy_location(_call(_attribute(name, "rounds"), [self._items(node.iter)]), node.iter)
        body = [*(_bind(each, name) for each in bound if each not in targets), *self.block(node.body)]
        repeated = ast.For(node.target, rounds, body, [])
        return self._repetition(node, name, [*dict.fromkeys([*bound, *targets])], written, repeated)

    def _items(self, sequence: ast.expr) -> ast.expr:
        """What a `for` runs over; calls of what may be a builtin are made by the runtime, which looks into them."""
        if not isinstance(sequence, ast.Call) or _last_name(sequence.func) not in _SEQUENCES or binds(sequence):
            return self.visit(sequence)  # type: ignore[no-any-return]
        args = [self._items(each) for each in sequence.args]
        keywords = [ast.keyword(each.arg, self.visit(each.value)) for each in sequence.keywords]
        made = ast.Call(_attribute(RUNTIME, "items"), [sequence.func, *args], keywords)
        return _at(made, sequence)

    def _repetition(
        self, node: ast.For | ast.While, name: str, bound: Sequence[str], written: Sequence[Path], repeated: ast.stmt
    ) -> list[ast.stmt]:
        """The loop between the making of its runtime and the names after it."""
        flags = [ast.Constant(getattr(node, name, "")) for name in ("symdiff_stop", "symdiff_returned")]
        args = [_literal(tuple(bound)), *flags, _literal(tuple(written))]
        made = _call(_attribute(RUNTIME, "repetition"), args)
        start = ast.Assign([ast.Name(name, ast.Store())], made)
        finish = ast.Expr(_call(_attribute(name, "finish"), []))
        after = [start, repeated, finish, *(_bind(each, name) for each in bound)]
        return [*(_located(each, node) for each in after), *self.block(node.orelse)]

    # Expressions

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """`table[i][j]` picks at once: the row is seen by nobody."""
        keys: list[ast.expr] = []
        holder: ast.expr = node
        while may_be_a_position(holder):
            keys.insert(0, self.visit(holder.slice))
            holder = holder.value
        if not keys:
            self.generic_visit(node)
            return node
        return _at(_call(_attribute(RUNTIME, "element"), [self.visit(holder), *keys]), node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        if binds(node):
            return node
        changes = _changing([node.body, node.orelse])
        sides = [deferred(self.visit(side)) for side in (node.body, node.orelse)]
        return _at(_call(_attribute(RUNTIME, "either"), [self.visit(node.test), *sides], changes), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        if binds(node):
            return node
        name = "all_of" if isinstance(node.op, ast.And) else "any_of"
        changes = _changing(node.values[1:])
        first, *rest = [self.visit(value) for value in node.values]
        return _at(_call(_attribute(RUNTIME, name), [first, *map(deferred, rest)], changes), node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Not):
            return node
        return _at(_call(_attribute(RUNTIME, "negation"), [node.operand]), node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if len(node.ops) == 1:
            return self._membership(node)
        if binds(node):
            return node
        changes = _changing(node.comparators[1:])
        self.generic_visit(node)
        operators = ast.Tuple([ast.Constant(type(each).__name__) for each in node.ops], ast.Load())
        second, *rest = node.comparators
        return _at(
            _call(_attribute(RUNTIME, "chained"), [operators, node.left, second, *map(deferred, rest)], changes),
            node,
        )

    def _membership(self, node: ast.Compare) -> ast.expr:
        """`x in (1, 2)` compares with each."""
        self.generic_visit(node)
        literal = node.comparators[0]
        if not isinstance(node.ops[0], ast.In | ast.NotIn) or not isinstance(literal, ast.Tuple | ast.List | ast.Set):
            return node
        found = _call(_attribute(RUNTIME, "contains"), [literal, node.left])
        if isinstance(node.ops[0], ast.NotIn):
            found = _call(_attribute(RUNTIME, "negation"), [found])
        return _at(found, node)


def may_be_a_position(node: ast.AST) -> TypeGuard[ast.Subscript]:
    """Whether it reads an element at a place that is computed."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load) or binds(node.slice):
        return False
    key = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
    return not isinstance(key, ast.Constant | ast.Slice | ast.Tuple | ast.List)


def _last_name(function: ast.expr) -> str:
    """`count` of `count` and of `itertools.count`."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _ends_by_itself(node: ast.For | ast.While) -> bool:
    """Whether the loop is left from the middle of a round whatever happens in it: it makes one round at most."""
    kinds = (ast.Return, ast.Break, ast.Continue)
    for statement in node.body:
        if isinstance(statement, kinds):
            return True
        if any(isinstance(part, ast.Return) for part in walk_scope([statement])):
            return True
    return False


def _rebinding(side: Sequence[ast.stmt], names: Sequence[str], choice: str) -> list[ast.stmt]:
    """The names that a side reads, which may have a value there only."""
    reads = read_names(side)
    return [ast.copy_location(_bind(name, choice), side[0]) for name in names if name in reads]


def _arms(node: ast.If) -> tuple[list[ast.If], list[ast.stmt]]:
    """The arms of an `if … elif … else` chain, and what stands under `else`."""
    arms = [node]
    while len(arms[-1].orelse) == 1 and isinstance(arms[-1].orelse[0], ast.If):
        following = arms[-1].orelse[0]
        if getattr(following, "symdiff_plain", False):
            break
        arms.append(following)
    return arms, arms[-1].orelse


def _bind(name: str, choice: str) -> ast.stmt:
    value = ast.Subscript(ast.Name(choice, ast.Load()), ast.Constant(name), ast.Load())
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _literal(value: Any) -> ast.expr:
    return (
        ast.Tuple([_literal(each) for each in value], ast.Load()) if isinstance(value, tuple) else ast.Constant(value)
    )


def _attribute(owner: str, name: str) -> ast.expr:
    return ast.Attribute(ast.Name(owner, ast.Load()), name, ast.Load())


def _call(function: ast.expr, args: list[ast.expr], keywords: Sequence[ast.keyword] = ()) -> ast.expr:
    return ast.Call(function, args, list(keywords))


def _changing(sides: Sequence[ast.expr]) -> list[ast.keyword]:
    """What the runtime is told of sides that may change objects which exist before them."""
    return [ast.keyword("changes", ast.Constant(True))] if any(map(may_change, sides)) else []


def _at(node: ast.expr, like: ast.AST) -> ast.expr:
    return ast.fix_missing_locations(ast.copy_location(node, like))


def _located(node: ast.stmt, like: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(node, like))
