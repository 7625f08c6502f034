"""The text of a function that tests its arguments first: floats take the `math` form, anything else the array form.

In: a Program of scalars. Out: its text, in which the `math` form stands inline, and the name by which it calls the
other.
"""

import math

from symdiff.algebra.passes import tidied
from symdiff.backends import backend_named
from symdiff.backends.base import Leaf
from symdiff.emit.function import FunctionText, FunctionWriter
from symdiff.emit.signature import passed_on
from symdiff.errors import BackendError
from symdiff.ir.program import Program
from symdiff.schedule.logistic import inlined
from symdiff.schedule.lower import lower
from symdiff.schedule.signs import merge_signs

_TYPES = {"real": "float", "complex": "complex"}
MOST_TESTS = 16  # arguments: above, the test costs more than it saves


def dispatching_text(program: Program, name: str) -> tuple[FunctionText, str]:
    """The text, and the name that the array form must have in its namespace."""
    lowered = lower(merge_signs(inlined(tidied(program))))
    try:
        return _written(_Writer, lowered, name)
    except BackendError:  # `math` cannot express it: its branches nest too deeply
        return _written(_Forwarder, lowered, name)


def _written(kind: "type[_Writer]", lowered: Program, name: str) -> tuple[FunctionText, str]:
    writer = kind(backend_named("math"), lowered, name, annotations=False, taken=(), in_memory=True)
    return writer.text(), writer.other


class _Writer(FunctionWriter):
    """A function whose body is guarded by a test of types."""

    other = ""

    @property
    def stands_inline(self) -> bool:
        """Whether the `math` form is worth its test: scalars, and not too many."""
        return self.program.is_elementwise and len(self.leaves) <= MOST_TESTS

    def name_arrays(self) -> None:
        """The array form has its own constants."""

    def body(self) -> list[str]:
        self.other = self.names.fresh("array_form")
        arguments = passed_on(self.program.parameters)
        fallback = f"    return {self.other}({', '.join(arguments)})"
        if not self.stands_inline:
            return [fallback]
        unpacked = [f"    {leaf.name} = {leaf.path}" for leaf in self.leaves if leaf.name != leaf.path]
        defaults = self.named_defaults()
        tests = " and ".join(self.type_test(leaf, defaults.get(leaf.path)) for leaf in self.leaves)
        return [
            *self.checks(),
            *unpacked,
            *([f"    if {tests}:"] if tests else ["    if True:"]),
            "        try:",
            *self.statements(12),
            f"        except ({self.environment.head('ArithmeticError')}, {self.environment.head('ValueError')}):",
            "            pass",
            fallback,
        ]

    def named_defaults(self) -> dict[str, str]:
        """Names of the numbers that are defaults, by parameter. An equal literal of one module is the same object."""
        named = {}
        for parameter in self.program.parameters:
            if type(parameter.default) is float and math.isfinite(parameter.default):
                name = named[parameter.name] = self.names.fresh(f"default_{parameter.name}")
                self.constants.append(f"{name} = {self.backend.literal(parameter.default, self.environment).code}")
        return named

    def type_test(self, leaf: Leaf, default: str | None) -> str:
        """Whether an argument is a Python number. Asking for the default takes half the time of asking for the type."""
        head = self.environment.head
        test = f"{head('type')}({leaf.name}) is {head(_TYPES[leaf.node.dtype])}"
        return test if default is None or leaf.node.dtype != "real" else f"({leaf.name} is {default} or {test})"


class _Forwarder(_Writer):
    """A function that leaves every call to the array form."""

    stands_inline = False
