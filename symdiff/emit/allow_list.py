"""The allow-list: generated text is parsed again and every node of it checked before it is executed or written.

In: the text of a module. Out: nothing, or a CheckError that names the line. The text is read in pieces of a few hundred
statements, so that a function of 100,000 lines is checked in bounded memory.

Pieces are sound: a piece must parse by itself, so a string or bracket that is open at its end makes it fail, and it is
joined with the next one. The parser is therefore in the same state at each start as it would be in the whole text.
"""

import ast
import builtins
import cmath
import keyword
import math
import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from symdiff.errors import CheckError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PIECE = 400
_CLAUSES = ("else", "elif", "except", "finally")

_NODES: frozenset[type[ast.AST]] = frozenset(
    {
        *(ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.keyword, ast.Import, ast.ImportFrom, ast.alias),
        *(ast.Return, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.While, ast.With),
        *(ast.withitem, ast.Pass, ast.Break, ast.Continue, ast.Try, ast.ExceptHandler, ast.Raise),
        *(ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call),
        *(ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Dict, ast.Starred),
        *(ast.JoinedStr, ast.FormattedValue, ast.GeneratorExp, ast.ListComp, ast.comprehension, ast.Load, ast.Store),
        *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult),
        *(ast.BitAnd, ast.BitOr, ast.BitXor, ast.Invert, ast.UAdd, ast.USub, ast.Not, ast.And, ast.Or),
        *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn),
    }
)
_WITHOUT_PARTS = frozenset(kind for kind in _NODES if not kind._fields)  # operators, and what is done with a name
_EXPRESSION_NODES = frozenset(
    {
        *(ast.Expression, ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Load),
        *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Pow, ast.USub, ast.UAdd, ast.Invert),
        *(ast.BitAnd, ast.BitOr, ast.BitXor, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
    }
)
BUILTINS = _words(
    "abs all any bool complex dict enumerate float int isinstance len list max min pow range reversed round slice "
    "sorted sum tuple type zip object str"
) | {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)}
_MODULES = frozenset({"cmath", "math", "numpy", "numexpr", "scipy.integrate", "scipy.linalg", "scipy.special"})
_SUBMODULES = frozenset({"numpy.fft", "numpy.linalg", "numpy.ma", "scipy.integrate", "scipy.linalg", "scipy.special"})
_FROM: dict[str, frozenset[str]] = {
    "__future__": frozenset({"annotations"}),
    "typing": frozenset({"Any", "Final", "TypeAlias", "cast"}),
    "collections.abc": frozenset({"Callable", "Mapping", "Sequence"}),
    "numpy.typing": frozenset({"ArrayLike", "NDArray"}),
    "scipy": frozenset({"special"}),
}
_STRUCTURE = _words(
    "add all any arange argmax argmin argpartition argsort array asarray atleast_1d bool_ broadcast_arrays "
    "broadcast_shapes broadcast_to can_cast complex128 complex64 concatenate convolve copysign cumprod cumsum diag "
    "divide dot dtype einsum empty empty_like errstate expand_dims eye flip float32 float64 floating frompyfunc full "
    "full_like generic inexact inf int64 integer isscalar issubdtype matmul matrix max maximum min minimum moveaxis "
    "multiply nan ndarray ndim ones ones_like prod promote_types reshape result_type roll searchsorted shape size sort "
    "squeeze stack subtract sum swapaxes take_along_axis tensordot trace transpose tril triu vectorize where zeros "
    "zeros_like"
)
_FUNCTIONS = {
    "numpy.linalg": _words("cholesky det eig eigh eigvals eigvalsh inv lstsq pinv qr slogdet solve svd svdvals"),
    "numpy.ma": _words("MaskedArray"),
    "scipy.integrate": _words("odeint"),
    "scipy.linalg": _words("expm logm solve_banded solve_sylvester solve_triangular sqrtm"),
}
_METHODS = _words(
    "accumulate all any append astype at conjugate copy dtype fill flat get imag isnative item items join keys kind "
    "max min ndim prod ravel real reshape shape size sum T tolist transpose values"
)
_NUMEXPR_CALLS = frozenset({"evaluate", "re_evaluate"})


def is_identifier(name: str) -> bool:
    """Whether a name may stand in generated code: an identifier, no keyword, no dunder."""
    return name.isidentifier() and not keyword.iskeyword(name) and not (name.startswith("__") and name.endswith("__"))


def check(text: str, *, names: Collection[str] = (), imports: Collection[tuple[str, str]] = ()) -> None:
    """Pass the text of a module, or raise CheckError.

    names: what the text may use besides the names it binds: functions put into its namespace, and the fields of the
        user's own classes.
    imports: the user's primitives, by module and name.

    >>> check("def f(x):\\n    return x + 1.0\\n")
    >>> check("import os\\n")
    Traceback (most recent call last):
        ...
    symdiff.CheckError: [SD900] generated line 1 is not on the allow-list: import of os
    more: symdiff explain SD900
    """
    checker = _Checker(frozenset(names), frozenset(imports))
    for start, tree in _pieces(text):
        checker.walk(tree, start)
    checker.finish()


def _pieces(text: str) -> Iterator[tuple[int, ast.Module]]:
    """Statements a few hundred at a time, with the number of lines before them."""
    lines = text.splitlines(keepends=True)
    starts = [0, *(number for number in range(1, len(lines)) if _may_start(lines[number])), len(lines)]
    position = 0
    while position < len(starts) - 1:
        end = min(position + _PIECE, len(starts) - 1)
        while True:
            piece = lines[starts[position] : starts[end]]
            tree = _parsed(piece, whole=end == len(starts) - 1)
            if tree is not None:
                break
            end = min(end + _PIECE, len(starts) - 1)
        yield starts[position] - _is_body(piece), tree
        position = end


def _may_start(line: str) -> bool:
    """Whether a statement of a module, or of the body of one of its functions, may start at the line."""
    stripped = line.lstrip(" ")
    return (
        len(line) - len(stripped) in (0, 4)
        and (stripped[:1].isalpha() or stripped[:1] == "_")
        and not stripped.startswith(_CLAUSES)
    )


def _parsed(lines: list[str], *, whole: bool) -> ast.Module | None:
    """The statements, or None where the lines are not complete. Indented ones are read as the body of an `if`."""
    try:
        return ast.parse("if 1:\n" + "".join(lines) if _is_body(lines) else "".join(lines))
    except (SyntaxError, ValueError) as error:
        if whole:
            raise CheckError(f"generated text does not parse: {error}") from error
        return None


def _is_body(lines: list[str]) -> bool:
    return bool(lines) and lines[0].startswith(" ")


class _Checker:
    """Names bound and used so far."""

    def __init__(self, names: frozenset[str], imports: frozenset[tuple[str, str]] = frozenset()) -> None:
        self.names = names
        self.imports = imports
        self.bound: set[str] = set()
        self.used: dict[str, int] = {}
        self.functions: set[str] = set()
        self.parameters: set[str] = set()  # callers choose them, so one may be called `np`
        self.called: dict[str, int] = {}
        self.aliases: dict[str, str] = {}

    def walk(self, tree: ast.AST, before: int) -> None:
        line = before + 1
        stack: list[ast.AST] = [tree]
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Name:
                self._name(node, before)  # type: ignore[arg-type]
                continue
            if kind not in _NODES:
                self.refuse(before + getattr(node, "lineno", line - before), f"a {kind.__name__}")
            visit = _VISITS.get(kind)
            if visit is not None:
                visit(self, node, before)
            for name in kind._fields:
                value = getattr(node, name)
                if isinstance(value, list):  # the first statement is to be looked at first: it may be an import
                    stack += [item for item in reversed(value) if isinstance(item, ast.AST)]
                elif isinstance(value, ast.AST) and type(value) not in _WITHOUT_PARTS:
                    stack.append(value)

    def finish(self) -> None:
        """What was used must have been bound, and what was called must be a function."""
        for name, line in self.used.items():
            if name not in self.bound and name not in BUILTINS and name not in self.names and name not in self.aliases:
                self.refuse(line, f"the name {name}")
        for name, line in self.called.items():
            if name not in self.functions and name not in BUILTINS and name not in self.names:
                self.refuse(line, f"a call of {name}")
        hidden = (self.bound & set(self.aliases)) - self.parameters
        if hidden:
            raise CheckError(f"generated code hides {', '.join(sorted(hidden))} behind a variable")

    def refuse(self, line: int, what: str) -> None:
        raise CheckError(f"generated line {line} is not on the allow-list: {what}")

    def bind(self, name: str, line: int) -> None:
        if name != "__all__" and not is_identifier(name):
            self.refuse(line, f"the name {name}")
        self.bound.add(name)

    def _name(self, node: ast.Name, before: int) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.used:
                self.used[node.id] = before + node.lineno
        else:
            self.bind(node.id, before + node.lineno)

    def _function(self, node: ast.FunctionDef, before: int) -> None:
        self.bind(node.name, before + node.lineno)
        self.functions.add(node.name)
        if node.decorator_list:
            self.refuse(before + node.lineno, "a decorator")

    def _argument(self, node: ast.arg, before: int) -> None:
        self.parameters.add(node.arg)
        self.bind(node.arg, before + node.lineno)

    def _handler(self, node: ast.ExceptHandler, before: int) -> None:
        if node.name:
            self.bind(node.name, before + node.lineno)

    def _import(self, node: ast.Import, before: int) -> None:
        for alias in node.names:
            if alias.name not in _MODULES:
                self.refuse(before + node.lineno, f"import of {alias.name}")
            bound = alias.name.split(".")[0]
            self._alias(alias.asname or bound, alias.name if alias.asname else bound, before + node.lineno)

    def _import_from(self, node: ast.ImportFrom, before: int) -> None:
        allowed = _FROM.get(node.module or "", frozenset())
        for alias in node.names:
            known = alias.name in allowed or (node.module, alias.name) in self.imports
            if node.level or not known:
                self.refuse(before + node.lineno, f"import of {alias.name} from {node.module}")
            name = alias.asname or alias.name
            self._alias(name, f"{node.module}.{alias.name}", before + node.lineno)
            self.functions.add(name)

    def _alias(self, name: str, module: str, line: int) -> None:
        """A module under a name: always the same one."""
        if not is_identifier(name) or self.aliases.setdefault(name, module) != module:
            self.refuse(line, f"the name {name} for {module}")

    def _module(self, node: ast.expr) -> str:
        """The module that an expression stands for; the empty text where it is none."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, "")
        if isinstance(node, ast.Attribute):
            module = f"{self._module(node.value)}.{node.attr}"
            return module if module in _SUBMODULES else ""
        return ""

    def _attribute(self, node: ast.Attribute, before: int) -> None:
        owner = self._module(node.value)
        allowed = _attributes(owner)
        if node.attr in allowed or (not owner and node.attr in self.names and is_identifier(node.attr)):
            return
        self.refuse(before + node.lineno, f"the attribute {owner + '.' if owner else ''}{node.attr}")

    def _assign(self, node: ast.Assign, before: int) -> None:
        """`abs_1 = abs`: another name for a function, where the user's argument has taken its own."""
        if isinstance(node.value, ast.Name) and (node.value.id in BUILTINS or node.value.id in self.functions):
            self.functions.update(target.id for target in node.targets if isinstance(target, ast.Name))

    def _call(self, node: ast.Call, before: int) -> None:
        function = node.func
        if isinstance(function, ast.Name):
            self.called.setdefault(function.id, before + node.lineno)
        elif isinstance(function, ast.Call):
            if not self._makes_function(function):
                self.refuse(before + node.lineno, "a call of a call")
        elif not isinstance(function, ast.Attribute):
            self.refuse(before + node.lineno, "a call of what is no name")
        elif self._module(function.value) == "numexpr":
            self._numexpr(node, before + node.lineno)

    def _makes_function(self, node: ast.Call) -> bool:
        """`type(x)`, to be called for a value of the same class, and `np.frompyfunc(f, 1, 1)`."""
        made = node.func
        if isinstance(made, ast.Name):
            return made.id == "type" and len(node.args) == 1
        return isinstance(made, ast.Attribute) and made.attr == "frompyfunc" and self._module(made.value) == "numpy"

    def _numexpr(self, node: ast.Call, line: int) -> None:
        """numexpr compiles its text with Python's own compiler: only arithmetic may stand there."""
        text = node.args[0] if node.args else None
        if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
            self.refuse(line, "numexpr text that is no literal")
            return
        try:
            tree = ast.parse(text.value.strip(), mode="eval")
        except (SyntaxError, ValueError):
            self.refuse(line, "numexpr text that does not parse")
            return
        for part in ast.walk(tree):
            if type(part) not in _EXPRESSION_NODES:
                self.refuse(line, f"a {type(part).__name__} in numexpr text")
            if isinstance(part, ast.Name) and not is_identifier(part.id):
                self.refuse(line, f"the name {part.id} in numexpr text")
            if isinstance(part, ast.Constant) and type(part.value) not in (int, float, bool):
                self.refuse(line, f"{part.value!r} in numexpr text")
            if isinstance(part, ast.Call) and not isinstance(part.func, ast.Name):
                self.refuse(line, "a call of what is no name in numexpr text")


_VISITS: dict[type[ast.AST], Callable[..., None]] = {
    ast.FunctionDef: _Checker._function,
    ast.arg: _Checker._argument,
    ast.ExceptHandler: _Checker._handler,
    ast.Import: _Checker._import,
    ast.ImportFrom: _Checker._import_from,
    ast.Assign: _Checker._assign,
    ast.Attribute: _Checker._attribute,
    ast.Call: _Checker._call,
}


@lru_cache(maxsize=8)
def _attributes(module: str) -> frozenset[str]:
    """The attributes that may be read from a module; from a value for the empty name."""
    if not module:
        return _METHODS
    if module in ("math", "cmath"):
        return frozenset(name for name in dir(math if module == "math" else cmath) if not name.startswith("_"))
    if module == "numpy.fft":
        return frozenset(np.fft.__all__)
    if module == "numexpr":
        return _NUMEXPR_CALLS
    if module == "scipy":
        return frozenset({"integrate", "linalg", "special"})
    if module in _FUNCTIONS:
        return _FUNCTIONS[module]
    if module == "scipy.special":
        return _spelled("special") | _spelled("scipy.special")
    return _spelled("np") | _STRUCTURE | {"fft", "linalg", "ma"} if module == "numpy" else frozenset()


@lru_cache(maxsize=8)
def _spelled(alias: str) -> frozenset[str]:
    """What the table of operations and the support functions use of a module that they call by this name."""
    from symdiff.ops.complex_rows import COMPLEX_ROWS
    from symdiff.ops.table import OPS

    rows = [*OPS.values(), *COMPLEX_ROWS.values()]
    texts = [spelling.text for op in rows for spelling in (op.numpy, op.math, op.numexpr) if spelling is not None]
    folder = Path(__file__).parent.parent / "ops"
    texts += [path.read_text(encoding="utf-8") for path in sorted(folder.glob("support_*.py"))]
    return frozenset(re.findall(rf"(?<![\w.]){re.escape(alias)}\.([A-Za-z]\w*)", "\n".join(texts)))
