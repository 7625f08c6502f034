"""Texts that are made of values, which may be traced, as calls of the runtime.

In: the definition of a function. Out: the same, in which f-strings, `"…" % x`, `"…".format(x)`, `", ".join(xs)`,
`str(x)` and their like ask the runtime for the text. Python would ask the values for their numbers, and a text of them
would not be known as one any more.
"""

import ast

from symdiff.tracing.lowering.names import RUNTIME

_METHODS = {"format": "filled", "join": "joined"}


def with_texts(definition: ast.FunctionDef) -> ast.FunctionDef:
    """The definition with such calls.

    >>> source = 'def f(x, w):\\n return f"{x:.{w}f}" + "%g" % x + ", ".join(x) + str(x)'
    >>> print(ast.unparse(with_texts(ast.parse(source).body[0]).body[0].value.left.left.left))
    __symdiff__.text((x, -1, __symdiff__.text('.', (w, -1, ''), 'f')))
    """
    return ast.fix_missing_locations(_Formatting().visit(definition))  # type: ignore[no-any-return]


def makes_texts(node: ast.AST) -> bool:
    """Whether there is anything to put a call in place of."""
    return any(_is_text(part) for part in ast.walk(node))


def _is_text(node: ast.AST) -> bool:
    match node:
        case ast.JoinedStr() | ast.Call(func=ast.Name(id="str" | "repr" | "ascii" | "format")):
            return True
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format" | "join")):
            return True
    return False


class _Formatting(ast.NodeTransformer):
    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return _call("text", [self._part(part) for part in node.values], node)

    def _part(self, part: ast.expr) -> ast.expr:
        if not isinstance(part, ast.FormattedValue):
            return part
        specification = self.visit(part.format_spec) if part.format_spec else ast.Constant("")
        return ast.Tuple([self.visit(part.value), ast.Constant(part.conversion), specification], ast.Load())

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return _call("percent", [node.left, node.right], node) if _is_text(node) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if not _is_text(node):
            return node
        if isinstance(node.func, ast.Attribute):
            return _call(_METHODS[node.func.attr], [node.func.value, *node.args], node, node.keywords)
        return _call("converted", [node.func, *node.args], node, node.keywords)


def _call(name: str, args: list[ast.expr], like: ast.expr, keywords: list[ast.keyword] | None = None) -> ast.expr:
    function = ast.Attribute(ast.Name(RUNTIME, ast.Load()), name, ast.Load())
    return ast.copy_location(ast.Call(function, args, keywords or []), like)
