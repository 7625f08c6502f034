"""The text of a function that tests its arguments first: floats take the `math` form, anything else the array form.

In: a Program of scalars. Out: its text, in which the `math` form stands inline, and the name by which it calls the
other.
"""

from symdiff.backends import backend_named
from symdiff.emit.function import FunctionText, FunctionWriter
from symdiff.emit.signature import passed_on
from symdiff.errors import BackendError
from symdiff.ir.program import Program
from symdiff.schedule.logistic import inlined
from symdiff.schedule.lower import lower

MOST_TESTS = 16  # arguments: above, the test costs more than it saves


def dispatching_text(program: Program, name: str) -> tuple[FunctionText, str]:
    """The text, and the name that the array form must have in its namespace."""
    lowered = lower(inlined(program))
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
        head = self.environment.head
        unpacked = [f"    {leaf.name} = {leaf.path}" for leaf in self.leaves if leaf.name != leaf.path]
        types = {"real": "float", "complex": "complex"}
        tests = " and ".join(f"{head('type')}({leaf.name}) is {head(types[leaf.node.dtype])}" for leaf in self.leaves)
        return [
            *self.checks(),
            *unpacked,
            *([f"    if {tests}:"] if tests else ["    if True:"]),
            "        try:",
            *self.statements(12),
            f"        except ({head('ArithmeticError')}, {head('ValueError')}):",
            "            pass",
            fallback,
        ]


class _Forwarder(_Writer):
    """A function that leaves every call to the array form."""

    stands_inline = False
