"""Docstrings of generated functions.

In: the user's documentation, whatever it contains. Out: lines of a docstring that say what the function returns.
"""

import textwrap

from symdiff.ir.program import Program
from symdiff.ir.structure import Structure

_WIDTH = 84


def docstring_lines(name: str, program: Program) -> list[str]:
    """The user's summary line (or the call), and what is returned."""
    arguments = ", ".join(parameter.name for parameter in program.parameters)
    summary = safe(program.doc.strip().partition("\n")[0].strip()) or f"{name}({arguments})."
    title = textwrap.wrap(summary, _WIDTH - 6, break_long_words=True) or [f"{name}."]
    what = textwrap.wrap(safe(f"Returns {described(program.structure, program)}."), _WIDTH)
    return [f'    """{title[0]}', *(f"    {line}" for line in title[1:]), "", *(f"    {w}" for w in what), '    """']


def described(structure: Structure, program: Program) -> str:
    """What the result is made of."""
    if structure.kind == "leaf":
        shape = program.outputs[0].shape
        return f"an array of shape {shape}" if shape else "one value"
    if structure.kind in ("dict", "namedtuple", "dataclass"):
        return f"a {structure.kind} with {', '.join(map(str, structure.keys))}"
    return f"a {structure.kind} of {len(structure.keys)} values"


def safe(text: str) -> str:
    """Any text such that it can stand in a docstring: no quotes that end it, no escapes, no control characters."""
    kept = text.replace("\\", "\\\\").replace('"', "'")
    return "".join(char if char.isprintable() else " " for char in kept).strip()
