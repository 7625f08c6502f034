"""Private names, `self.__x`, as they are outside of their class.

In: a definition, and the class that it stands in. Out: the definition with the names that Python makes of them, so that
it means the same wherever it is compiled, and its names are those of its variables.
"""

import ast


def with_plain_names(definition: ast.FunctionDef, inside: str) -> ast.FunctionDef:
    """The definition without private names.

    inside: the class that it stands in; empty for none.

    >>> tree = ast.parse("def step(self, __by):\\n    self.__level += __by").body[0]
    >>> print(ast.unparse(with_plain_names(tree, "_Meter")))
    def step(self, _Meter__by):
        self._Meter__level += _Meter__by
    """
    changed: ast.FunctionDef = _Naming(inside).visit(definition)
    return changed


class _Naming(ast.NodeTransformer):
    def __init__(self, inside: str) -> None:
        self._prefix = f"_{inside.lstrip('_')}" if inside.strip("_") else ""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        inner = _Naming(node.name)
        for field in ("bases", "keywords", "decorator_list"):
            setattr(node, field, [self.visit(each) for each in getattr(node, field)])
        node.body = [inner.visit(each) for each in node.body]
        node.name = self._plain(node.name)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        match node:
            case ast.Name():
                node.id = self._plain(node.id)
            case ast.Attribute():
                node.attr = self._plain(node.attr)
            case ast.arg():
                node.arg = self._plain(node.arg)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                node.name = self._plain(node.name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                node.name = self._plain(name)
            case ast.MatchMapping(rest=str(name)):
                node.rest = self._plain(name)
            case ast.Global() | ast.Nonlocal():
                node.names = [self._plain(name) for name in node.names]
            case ast.alias():
                node.asname = self._plain(node.asname or node.name) if self._is_private(node) else node.asname
        return node

    def _is_private(self, node: ast.alias) -> bool:
        return self._plain(node.asname or node.name) != (node.asname or node.name)

    def _plain(self, name: str) -> str:
        is_private = name.startswith("__") and not name.endswith("__") and "." not in name
        return self._prefix + name if self._prefix and is_private else name
