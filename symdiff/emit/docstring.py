"""Docstrings of generated functions.

In: the user's documentation, whatever it contains, and a statement of what is computed. Out: lines of a docstring.
"""

import textwrap

from symdiff.ir.program import Program
from symdiff.ir.structure import Structure

_WIDTH = 84


def docstring_lines(name: str, program: Program, statement: str = "") -> list[str]:
    """The user's summary line (or the call), the statement's paragraphs, and what is returned."""
    arguments = ", ".join(parameter.name for parameter in program.parameters)
    summary = safe(program.doc.strip().partition("\n")[0].strip()) or f"{name}({arguments})."
    title = textwrap.wrap(summary, _WIDTH - 6, break_long_words=True) or [f"{name}."]
    lines = [f'    """{title[0]}', *(f"    {line}" for line in title[1:])]
    paragraphs = [*statement.split("\n\n"), f"Returns {described(program.structure, program)}."]
    for paragraph in filter(str.strip, paragraphs):
        lines += ["", *_paragraph(paragraph)]
    return [*lines, '    """']


def _paragraph(text: str) -> list[str]:
    """Wrapped; what was indented stays so."""
    margin = "    " + " " * (len(text) - len(text.lstrip()))
    return [margin + line for line in textwrap.wrap(safe(text), _WIDTH + 4 - len(margin))]


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
