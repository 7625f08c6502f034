"""The `numexpr` backend: elementwise runs as one `ne.evaluate`, everything else by NumPy lines around them.

numexpr parses its own text: it knows about fifty functions, at most 63 inputs, about 250 registers, no attributes, and
merges constants that compare equal. So a text has at most `size` operations, names that are plain ASCII, and gets -0.0,
infinities and nan as variables.
"""

import math
import re
from collections.abc import Sequence

from symdiff.backends.base import Environment, Leaf, Text, compound, is_number, operation
from symdiff.backends.layout import Group, Item, LongString, call, lines
from symdiff.backends.numpy import NumPy
from symdiff.ir.lengths import Length
from symdiff.ir.nodes import Call, Const, Loop, Map, Node, Rewind, Select, Size
from symdiff.ir.program import Program

_FUNCTIONS = (
    "abs|arccos|arccosh|arcsin|arcsinh|arctan|arctan2|arctanh|ceil|complex|conj|contains|copy|copysign|cos|cosh|exp|"
    "expm1|floor|fmod|hypot|imag|isfinite|isinf|isnan|log|log10|log1p|log2|max|maximum|min|minimum|nextafter|"
    "ones_like|prod|real|round|sign|signbit|sin|sinh|sqrt|sum|tan|tanh|trunc|where"
)
_VARIABLE = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?!\w*\()")


class NumExpr(NumPy):
    """NumPy arrays of any shape, computed in cache-sized blocks by numexpr's machine."""

    name = "numexpr"
    dialect = "numexpr"
    light = 4  # numexpr computes what a text repeats only once, and a name costs a pass through memory
    width = 400
    depth = 30
    size = 30  # operations: at most 61 names in a text
    name_pattern = rf"(?!(?:{_FUNCTIONS})$)(?!.*__)[A-Za-z][A-Za-z0-9_]*"

    def language(self, node: Node) -> str:
        return "numexpr" if _in_numexpr(node) else ""

    def keeps_apart(self, node: Node) -> bool:
        if isinstance(node, Size):
            return True
        if isinstance(node, Const) and not node.shape:
            value = node.value
            if isinstance(value, complex):
                return False  # only NumPy's lines have complex numbers
            return (
                isinstance(value, bool) or not math.isfinite(value) or (value == 0.0 and math.copysign(1.0, value) < 0)
            )
        return super().keeps_apart(node)

    def text(self, node: Node, args: Sequence[Text], environment: Environment) -> Text:
        if isinstance(node, Size):  # numexpr would count, and divide, in integers
            return compound(f"{environment.head('float')}({environment.length(node.length)})", ())
        if not _in_numexpr(node):
            return super().text(node, args, environment)
        if isinstance(node, Map):
            return operation(node, args, environment, self.dialect)
        return compound(f"where({', '.join(argument.code for argument in args)})", args)

    def right_side(self, text: Text, language: str, environment: Environment) -> Item:
        if not language:
            return text.code
        names = dict.fromkeys(_VARIABLE.findall(text.code))
        values = Group("{", tuple(names), "}", tuple(f'"{name}": ' for name in names))
        arguments = (LongString(text.code), values, Group("{", (), "}"))
        return call(f"{environment.head('ne')}.evaluate", arguments, ("", "local_dict=", "global_dict="))

    def in_rounds(self) -> NumPy:
        """NumPy: a round computes little, and numexpr would be started again in each."""
        return NumPy()

    def prepare(self, program: Program, leaves: Sequence[Leaf], environment: Environment) -> list[str]:
        """numexpr gives another shape than NumPy where an array without elements is broadcast."""
        broadcast = [node for node in program.nodes() if _in_numexpr(node) and _is_broadcast(node)]
        open_lengths = {length for node in broadcast for length in node.shape if isinstance(length, Length)}
        texts = sorted({environment.length(length) for length in open_lengths})
        prepared = super().prepare(program, leaves, environment)  # last: it names the sizes that are read
        return prepared + lines("", call(environment.supported("require_elements"), texts)) if texts else prepared

    def keeps_dtype(self, node: Node) -> bool:
        return not _in_numexpr(node) and not isinstance(node, Call)  # literals make float64 of float32

    def guard(self, program: Program, environment: Environment) -> str:
        """numexpr never warns; the NumPy lines between may."""
        by_numpy = any(
            isinstance(node, Loop | Rewind) or (isinstance(node, Map) and not _in_numexpr(node))
            for node in program.nodes()
        )
        return super().guard(program, environment) if by_numpy else ""


def _in_numexpr(node: Node) -> bool:
    if _is_broadcast(node) and 0 in node.shape:
        return False
    if isinstance(node, Map):
        return node.op.numexpr is not None and not all(is_number(argument) for argument in node.args)
    return isinstance(node, Select) and node.dtype != "complex"


def _is_broadcast(node: Node) -> bool:
    """Whether an elementwise node has arguments of fewer or shorter axes, other than numbers."""
    return node.ndim > 1 and any(argument.shape not in ((), node.shape) for argument in node.args)
