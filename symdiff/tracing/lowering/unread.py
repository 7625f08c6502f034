"""Names that outlive the call, to which a function assigns and which it never reads: counters, the last value.

In: a definition, and its free variables. Out: the definition in which nothing is assigned to them.
"""

import ast
from collections.abc import Collection, Iterator
from itertools import chain

from symdiff.tracing.lowering.names import bound_names


def without_unread(definition: ast.FunctionDef, free: Collection[str]) -> ast.FunctionDef:
    """The definition without assignments to global and free names that only such assignments name.

    free: the names of outer functions' variables.

    >>> tree = ast.parse("def f(x):\\n    global calls\\n    calls += 1\\n    return x").body[0]
    >>> print(ast.unparse(without_unread(tree, ())))
    def f(x):
        pass
        1
        return x
    """
    names = _declared(definition, free)
    own = {id(name) for node in ast.walk(definition) for name in (_target(node), _old(node)) if name is not None}
    names -= set(chain.from_iterable(_named(node, own) for node in ast.walk(definition)))
    changed: ast.FunctionDef = _Dropping(names).visit(definition) if names else definition
    return changed


def _declared(definition: ast.FunctionDef, free: Collection[str]) -> set[str]:
    """Names that statements declare to be of a scope around the function."""
    nodes = list(ast.walk(definition))
    outer = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    outer |= {name for node in nodes if isinstance(node, ast.Nonlocal) for name in node.names if name in free}
    return outer


def _target(node: ast.AST) -> ast.Name | None:
    """The name that a statement assigns to, and nothing else."""
    match node:
        case ast.Assign(targets=[ast.Name() as target]) | ast.AugAssign(target=ast.Name() as target):
            return target
    return None


def _old(node: ast.AST) -> ast.Name | None:
    """The `name` of `name = name + value`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.BinOp(left=ast.Name(id=old) as name)):
            return name if old == target else None
    return None


def _named(node: ast.AST, own: Collection[int]) -> Iterator[str]:
    """The names of a node that stand for anything but the target of an assignment, or its old value there."""
    match node:
        case ast.Name(id=name):
            if id(node) not in own:
                yield name
        case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.ClassDef(name=name, body=body):
            yield name
            yield from bound_names(body)  # its attributes
        case ast.alias(name=name, asname=alias):
            yield alias or name.partition(".")[0]


class _Dropping(ast.NodeTransformer):
    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        added = node.value.right if _old(node) is not None and isinstance(node.value, ast.BinOp) else node.value
        return self._computed(node, added)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        return self._computed(node, node.value)

    def visit_Global(self, node: ast.Global) -> ast.stmt:
        return self._declaring(node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.stmt:
        return self._declaring(node)

    def _computed(self, node: ast.Assign | ast.AugAssign, value: ast.expr) -> ast.stmt:
        target = _target(node)
        if target is None or target.id not in self._names:
            return node
        return ast.copy_location(ast.Expr(value), node)

    def _declaring(self, node: ast.Global | ast.Nonlocal) -> ast.stmt:
        node.names = [name for name in node.names if name not in self._names]
        return node if node.names else ast.copy_location(ast.Pass(), node)
