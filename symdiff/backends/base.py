"""What a backend is: one record that knows how to write each kind of node.

In: a node and the texts of its arguments. Out: the node's text. Everything a backend does in its own way is a method
here; a new backend is a subclass in a file of its own, and a line in `backends/__init__`.
"""

import keyword
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from symdiff.backends.layout import Group, Item, sides_of
from symdiff.errors import BackendError
from symdiff.ir.lengths import Dimension, Name, names_in, shape_text, text
from symdiff.ir.nodes import (
    Call,
    Const,
    DType,
    Fourier,
    Input,
    Linalg,
    Map,
    Node,
    Ode,
    Scatter,
    ScatterAdd,
    Shape,
    Size,
)
from symdiff.ir.program import Parameter, Program
from symdiff.ops import elementary as e
from symdiff.ops.row import AND, ATOM, COMPARISON, NOT, OR, SIGN, Op, Spelling

_HEAD = re.compile(r"(?<![\w.{])[^\W\d]\w*")  # an identifier that no dot precedes
_OWN_NAMESPACE = ("numexpr",)  # dialects whose functions are not names of Python
_PYTHON = frozenset({e.add, e.subtract, e.multiply, e.negative})


class Text(NamedTuple):
    """An expression in the language of a backend.

    precedence: how tightly it binds; an operand that binds less tightly than its place asks gets parentheses.
    depth, size: how deeply its operations nest, and how many there are.
    """

    code: str
    precedence: int = ATOM
    depth: int = 0
    size: int = 0

    def within(self, precedence: int) -> str:
        """The code as an operand that must bind at least as tightly."""
        return self.code if self.precedence >= precedence else f"({self.code})"


class Leaf(NamedTuple):
    """An input, the expression that reaches it, and its name in the function."""

    node: Input
    path: str
    name: str


class Environment:
    """What the texts of one function refer to, written down as it is used.

    sizes: the names of the sizes in the function; sizes_read: those that its texts have mentioned.
    renamed: other names for modules, builtins and support functions whose own name the user's function takes.
    sample: an input whose dtype is that of the result; empty where there is none.
    sample_dtype: whether that input is real or complex.
    used: for nodes with several results the positions of those that are used.
    functions: the names of functions that are defined in the function, by the node that calls them.
    annotates: whether they have annotations.
    numbers, used_numbers: the names of numbers, and those of them that the text contains.
    """

    def __init__(self, renamed: dict[str, str] | None = None, sample: str = "", sample_dtype: DType = "real") -> None:
        self.renamed = renamed or {}
        self.sample = sample
        self.sample_dtype = sample_dtype
        self.heads: dict[str, None] = {}
        self.support: dict[str, None] = {}
        self.modules: dict[str, None] = {}
        self.arrays: dict[Node, str] = {}
        self.sizes: dict[Name, str] = {}
        self.sizes_read: set[Name] = set()
        self.primitives: dict[Any, str] = {}
        self.value_text: Callable[[str, Any], str] = lambda what, value: repr(value)
        self.used: dict[Node, tuple[int, ...]] = {}
        self.functions: dict[Node, str] = {}
        self.annotates = False
        self.numbers: Mapping[float, str] = {}
        self.used_numbers: dict[float, str] = {}
        self._spellings: dict[tuple[Op, str], Spelling] = {}

    def dtype_of(self, node: Node) -> str:
        """The dtype that a node of numbers has in a call, as an expression; empty where no input tells."""
        if not self.sample or node.dtype == self.sample_dtype:
            return self.sample and f"{self.sample}.dtype"
        if node.dtype == "complex":
            return f"{self.head('np')}.result_type({self.sample}, 1j)"
        return f"{self.sample}.real.dtype"

    def signature(self, name: str, parameters: Sequence[str]) -> str:
        """The signature of a function that is defined in the function."""
        if not self.annotates:
            return f"{name}({', '.join(parameters)})"
        kind = self.head("Any")
        return f"{name}({', '.join(f'{each}: {kind}' for each in parameters)}) -> {kind}"

    @contextmanager
    def in_double_precision(self) -> Iterator[None]:
        """In the block, nothing takes the dtype of the arguments."""
        sample, self.sample = self.sample, ""
        try:
            yield
        finally:
            self.sample = sample

    def head(self, name: str) -> str:
        """The name under which a module, a builtin or a support function is reached."""
        self.heads[name] = None
        return self.renamed.get(name, name)

    def length(self, length: Dimension) -> str:
        """A length in terms of the function's sizes."""
        self.sizes_read.update(names_in(length))
        return text(length, self.sizes)

    def shape(self, shape: Shape) -> str:
        """A shape as a tuple."""
        for length in shape:
            self.sizes_read.update(names_in(length))
        return shape_text(shape, self.sizes)

    def supported(self, function: str) -> str:
        """The name of a support function."""
        self.support[function] = None
        return self.head(f"_{function}")

    def primitive(self, primitive: Any) -> str:
        """The name of a primitive."""
        taken = self.primitives.values()
        own = primitive.name.strip("_")
        wish = f"_{own}" if own.isidentifier() else "_primitive"
        return self.primitives.setdefault(primitive, wish if wish not in taken else f"{wish}_{len(taken)}_")

    def spelling(self, op: Op, dialect: str) -> Spelling:
        """How the operation is written in this function."""
        found = self._spellings.get((op, dialect))
        if found is None:
            spelling = op.spelling(dialect)
            if spelling is None:
                raise BackendError(f"{op.name} has no spelling in {dialect}", fix='backend="numpy"')
            self.support.update(dict.fromkeys(spelling.support))
            self.modules.update(dict.fromkeys(spelling.modules))
            found = spelling if dialect in _OWN_NAMESPACE else self.in_python(spelling)
            self._spellings[op, dialect] = found
        return found

    def in_python(self, spelling: Spelling) -> Spelling:
        """The spelling with the names by which this function reaches modules, builtins and support functions."""
        for name in _HEAD.findall(spelling.text):
            if not keyword.iskeyword(name):
                self.head(name)
        return replace(spelling, text=_HEAD.sub(lambda match: self.renamed.get(match[0], match[0]), spelling.text))


class Backend(ABC):
    """One target language.

    dialect: the column of the table of operations that spells its operations.
    support_modules: where the functions are that its texts call and its library lacks.
    branches: whether a choice becomes `if` and `else`, with each side computed only when it is taken.
    light: how many operations, each as cheap as an addition, are rather repeated than given a name.
    width, depth, size: how long, how deeply nested and how large a text may grow before it gets a line of its own.
    name_pattern: which names values may have; any identifier where it is empty.
    """

    name: str
    dialect: str
    namespace: str
    support_modules: tuple[str, ...]
    branches: bool = False
    light: int = 0
    width: int = 72
    depth: int = 24
    size: int = 1_000_000
    name_pattern: str = ""

    @abstractmethod
    def text(self, node: Node, args: Sequence[Text], environment: Environment) -> Text:
        """The node in terms of its arguments' texts."""

    def language(self, node: Node) -> str:
        """Texts of different languages do not mix: one gets a name before it is used in the other."""
        return ""

    def right_side(self, text: Text, language: str, environment: Environment) -> Item:
        """What stands behind `name =` for a text."""
        return text.code

    def scattered(self, node: Scatter | ScatterAdd, name: str, environment: Environment) -> tuple[str, str]:
        """Zeros for a Scatter that gets the name, and the part of it that is assigned to."""
        raise unsupported(node, self.name)

    def changeable(self, node: Node, text: str, environment: Environment) -> str:
        """The array in memory of its own, to be added to in place; empty where the backend has no such arrays."""
        return ""

    def results(self, node: Node, used: Collection[int]) -> Sequence[tuple[int, str]]:
        """What the text of a node with several results gives, in order: their positions, and names for them.

        used: the positions that are needed; a text that gives only these may be cheaper.
        """
        raise unsupported(node, self.name)

    def written_arguments(self, node: Node) -> Sequence[Node]:
        """The arguments whose texts stand in the text of the node."""
        return node.args

    def keeps_apart(self, node: Node) -> bool:
        """Whether the node always has a line of its own."""
        return False

    def keeps_part(self, node: Node) -> bool:
        """Whether the node is an array of zeros, of which a part is assigned to: `scattered` tells which."""
        return False

    def copied(self, code: str, environment: Environment) -> str:
        """A new array with the elements of the array."""
        raise BackendError(f"the {self.name} backend has no arrays", fix='backend="numpy"')

    def adapted(self, program: Program) -> Program:
        """The program as the backend wants it, before it is written."""
        return program

    def in_rounds(self) -> "Backend":
        """The backend that writes what stands in a loop."""
        return self

    @abstractmethod
    def array_lines(self, name: str, node: Const, environment: Environment) -> list[str]:
        """The definition of a constant array."""

    def array_object(self, node: Const) -> Any:
        """A constant array as what functions in memory are given of it."""
        return node.value

    def entries(self, value: Any, environment: Environment) -> Item:
        """Nested lists of literals."""
        if isinstance(value, list):
            return Group("[", tuple(self.entries(item, environment) for item in value), "]")
        return self.literal(value, environment).code

    @abstractmethod
    def annotation(self, program: Program, parameter: Parameter) -> str:
        """The type of a parameter."""

    def result_annotation(self, program: Program) -> str:
        """The type of the result."""
        return "Any"

    def prepare(self, program: Program, leaves: Sequence[Leaf], environment: Environment) -> list[str]:
        """The lines that take the arguments apart, convert and check them."""
        return []

    def guard(self, program: Program, environment: Environment) -> str:
        """A `with …:` around the statements; empty for none."""
        return ""

    def anywhere(self, text: Text, is_elementwise: bool, environment: Environment) -> str:
        """Whether a truth value holds, at any element of the arguments if the program runs element by element."""
        return text.code

    def finish(
        self, program: Program, results: Sequence[Text], leaves: Sequence[Leaf], environment: Environment
    ) -> list[Item]:
        """The outputs as they are returned."""
        return [result.code for result in results]

    def number(self, value: float | bool | complex, environment: Environment) -> Text:
        """A number of the formula: by its name if the module has one for it, or for its opposite."""
        if type(value) is float:
            for sign, precedence in (("", ATOM), ("-", SIGN)):
                name = environment.numbers.get(-value if sign else value)
                if name is not None:
                    environment.used_numbers[-value if sign else value] = name
                    return Text(f"{sign}{name}", precedence)
        return self.literal(value, environment)

    def literal(self, value: float | bool | complex, environment: Environment) -> Text:
        """A number, such that reading it back gives the same bits."""
        if isinstance(value, complex):
            return self.complex_literal(value, environment)
        if isinstance(value, bool):
            return Text(repr(value))
        if math.isfinite(value):
            return Text(repr(value).replace("e+", "e"), ATOM if math.copysign(1.0, value) > 0 else SIGN)
        module = environment.head(self.namespace)
        if math.isnan(value):
            return Text(f"{module}.nan")
        return Text(f"{module}.inf") if value > 0 else Text(f"-{module}.inf", SIGN)

    def complex_literal(self, value: complex, environment: Environment) -> Text:
        """`1j`, `(2.0 - 3.0j)`, and `complex(a, b)` where a part is infinite, nan or a zero with a sign."""
        parts = value.real, value.imag
        is_negative_unit = math.copysign(1.0, value.real) < 0 and value.imag < 0.0  # -1j is complex(-0.0, -1.0)
        if all(math.isfinite(part) and (part or math.copysign(1.0, part) > 0 or is_negative_unit) for part in parts):
            size = f"{abs(value.imag)!r}j".replace("e+", "e").replace(".0j", "j")
            if value.real == 0.0 and (value.imag >= 0.0 or is_negative_unit):
                return Text(size) if value.imag >= 0.0 else Text(f"-{size}", SIGN)
            first = self.literal(value.real, environment).code
            return Text(f"({first} {'-' if value.imag < 0.0 else '+'} {size})")
        codes = [self.literal(part, environment).code for part in parts]
        return Text(f"{environment.head('complex')}({', '.join(codes)})")


def operation(node: Map, args: Sequence[Text], environment: Environment, dialect: str) -> Text:
    """An operation of the table, as its row spells it in a dialect."""
    spelling = environment.spelling(node.op, dialect)
    if spelling.operands:
        codes = [argument.within(spelling.operand(index)) for index, argument in enumerate(args)]
    else:
        codes = [argument.code for argument in args]
    return compound(spelling.text.format(*codes), args, spelling.precedence)


def compound(code: str, args: Sequence[Text], precedence: int = ATOM) -> Text:
    """A text made of others."""
    depth = size = 0
    for argument in args:
        depth = max(depth, argument.depth)
        size += argument.size
    return Text(code, precedence, depth + 1, size + 1)


def negated(condition: Text) -> Text:
    """`not x`, and `x != y` for `x == y`, and the other way round."""
    for sign, opposite in (("==", "!="), ("!=", "==")):
        if condition.precedence == COMPARISON and (sides := sides_of(sign, condition.code)):
            return condition._replace(code=f" {opposite} ".join(sides))
    return compound(f"not {condition.within(NOT)}", [condition], NOT)


def either(first: Text, second: Text) -> Text:
    """`x or y`, with brackets around what is joined by `and`."""
    codes = [f"({text.code})" if text.precedence == AND else text.within(OR) for text in (first, second)]
    return compound(" or ".join(codes), [first, second], OR)


def unsupported(node: Node, backend: str, why: str = "") -> BackendError:
    """The refusal of a node that a backend has no text for."""
    summary = f"the {backend} backend cannot express {_in_words(node)}"
    return BackendError(summary, origin=node.origin, why=why, fix='backend="numpy"')


def _in_words(node: Node) -> str:
    match node:
        case Linalg():
            return f"{node.how} of a matrix"
        case Fourier():
            return f"a Fourier transform, {node.how}"
        case Ode():
            return "the solution of differential equations"
        case Call():
            return f"the primitive {node.primitive.name}, which takes or returns more than numbers"
    return f"the operation {type(node).__name__.lower()} on arrays"


def is_number(node: Node, operations: int = 4) -> bool:
    """Whether the node is a number of Python's own: a scalar constant, a size, or a few operations on them."""
    if isinstance(node, Map):
        return operations > 0 and is_python_arithmetic(node, operations)
    return (isinstance(node, Const) and not node.shape) or isinstance(node, Size)


def is_python_arithmetic(node: Map, operations: int = 4) -> bool:
    """Whether the node is a sum or a product of Python's own numbers, which cannot raise as their quotients do."""
    return node.op in _PYTHON and all(is_number(argument, operations - 1) for argument in node.args)
