"""Which names a piece of code binds or reads.

In: statements. Out: names, in the order of first occurrence. Functions, classes and comprehensions inside are scopes of
their own: they bind their own name only.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

RUNTIME = "__symdiff__"  # as all names that are made: one that ends like this is the same in a class
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def walk_scope(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes of the same scope, in the order of the source; of inner functions and classes only the node itself."""
    for node in nodes:
        yield node
        if not isinstance(node, SCOPES):
            yield from walk_scope(ast.iter_child_nodes(node))


def bound_names(statements: Iterable[ast.AST]) -> list[str]:
    """The names that the statements may bind."""
    found: dict[str, None] = {}
    for node in _outside_comprehensions(statements):
        found.update(dict.fromkeys(bound_by(node)))
    return list(found)


def changed_names(statements: Sequence[ast.AST]) -> list[str]:
    """The names that the statements may bind, or whose elements they may assign to."""
    found = dict.fromkeys(bound_names(statements))
    for node in _outside_comprehensions(statements):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            found[node.value.id] = None
    return list(found)


# A name, and keys or attributes one after the other; `...` are all elements of an array, `str` is a text, `object`
# an object of a plain class.
Path = tuple[Any, ...]


def written_into(statements: Sequence[ast.AST]) -> list[Path]:
    """Where the statements write: names whose objects they may change and do not bind to others, and attributes."""
    nodes = list(_outside_comprehensions(statements))
    augmented = {id(node.target) for node in nodes if isinstance(node, ast.AugAssign)}
    bound = {name for node in nodes if id(node) not in augmented for name in bound_by(node)}
    found: dict[Path, None] = {(name, ...): None for name in changed_names(statements) if name not in bound}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            found[node.value.id, node.attr] = None
    return list(found)


def read_names(statements: Iterable[ast.AST]) -> set[str]:
    """The names that the statements may read, also inside functions that they define."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    names = [node.target if isinstance(node, ast.AugAssign) else node for node in nodes]
    changed = {id(node.target) for node in nodes if isinstance(node, ast.AugAssign)}
    return {
        node.id
        for node in names
        if isinstance(node, ast.Name) and (isinstance(node.ctx, ast.Load) or id(node) in changed)
    }


def _outside_comprehensions(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for node in nodes:
        yield node
        if isinstance(node, _COMPREHENSIONS):
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
        elif not isinstance(node, SCOPES):
            yield from _outside_comprehensions(ast.iter_child_nodes(node))


def bound_by(node: ast.AST) -> Iterator[str]:
    """The names that the node itself binds."""
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.NamedExpr(target=ast.Name()):
            yield node.target.id
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
            yield from sorted(assigned_outside(node))
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.alias():
            yield (node.asname or node.name).split(".")[0]
        case ast.MatchMapping(rest=str(rest)):
            yield rest


def assigned_outside(definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    """The variables of functions around it that a function, or one inside it, assigns to."""
    nodes = list(walk_scope(definition.body))
    declared = {name for node in nodes if isinstance(node, ast.Nonlocal) for name in node.names}
    inner = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    return declared | ({name for each in inner for name in assigned_outside(each)} - _own_names(definition))


def _own_names(definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    """The variables of a function, which functions inside it may assign to; those of a class have no such."""
    if isinstance(definition, ast.ClassDef):
        return set()
    parameters = {node.arg for node in ast.walk(definition.args) if isinstance(node, ast.arg)}
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = list(_outside_comprehensions(definition.body))
    defined = {node.name for node in nodes if isinstance(node, inner)}
    return parameters | defined | {name for node in nodes if not isinstance(node, inner) for name in bound_by(node)}


def passed_through(definition: ast.FunctionDef) -> list[str]:
    """Variables of functions around it that only functions inside it assign to."""
    declared = {name for node in walk_scope(definition.body) if isinstance(node, ast.Nonlocal) for name in node.names}
    return sorted(assigned_outside(definition) - declared)


def binds(node: ast.AST) -> bool:
    """Whether an expression binds a name, waits or yields: then it must stay in its own scope."""
    kinds = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
    return any(isinstance(part, kinds) for part in ast.walk(node))


def deferred(value: ast.expr) -> ast.expr:
    """The expression as a function that computes it when it is called."""
    nothing = ast.arguments([], [], None, [], [], None, [])
    return ast.copy_location(ast.Lambda(nothing, value), value)
