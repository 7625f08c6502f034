"""The target of a `for` that `break` leaves: behind the loop it is the item at which the loop was left.

In: the statements of a function. Out: the same, in which a target that is read behind its loop is assigned in the
round, so that rounds after the `break`, which run for other arguments, do not change it.
"""

import ast
from collections.abc import Collection, Iterable, Sequence

from symdiff.tracing.lowering.names import SCOPES, bound_names, walk_scope

_LOOPS = (ast.For, ast.While)


def keep_targets(body: Sequence[ast.stmt]) -> None:
    """Assigns such targets in their rounds."""
    loops = [node for node in walk_scope(body) if isinstance(node, ast.For) and any(map(breaks, node.body))]
    for number, loop in enumerate(loops):
        if _is_read(body, set(bound_names([loop.target])), loop):
            item = f"__item_{number}__"
            assigned = ast.Assign([loop.target], ast.Name(item, ast.Load()))
            loop.body.insert(0, ast.fix_missing_locations(ast.copy_location(assigned, loop.target)))
            loop.target = ast.copy_location(ast.Name(item, ast.Store()), loop.target)


def breaks(node: ast.AST) -> bool:
    """Whether a `break` in the node leaves the loop around it."""
    if isinstance(node, _LOOPS):
        return any(map(breaks, node.orelse))
    inner = () if isinstance(node, SCOPES) else ast.iter_child_nodes(node)
    return isinstance(node, ast.Break) or any(map(breaks, inner))


def _is_read(nodes: Iterable[ast.AST], names: Collection[str], loop: ast.For) -> bool:
    """Whether one of the names is read where its value may be the one that it had in the loop."""
    for node in nodes:
        if isinstance(node, ast.For) and (node is loop or set(names) <= set(bound_names([node.target]))):
            inner: Iterable[ast.AST] = [node.iter, *node.orelse]
        else:
            inner = ast.iter_child_nodes(node)
        changed = node.target if isinstance(node, ast.AugAssign) else node
        if isinstance(changed, ast.Name) and changed.id in names and not _is_stored(node):
            return True
        if _is_read(inner, names, loop):
            return True
    return False


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
