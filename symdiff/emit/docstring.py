"""Docstrings of generated functions.

In: the user's documentation, whatever it contains, and a statement of what is computed. Out: lines of a docstring.
"""

import textwrap
from collections.abc import Iterator

from symdiff.ir.nodes import Input
from symdiff.ir.program import Program
from symdiff.ir.sizes import names_of_inputs
from symdiff.ir.structure import Structure

_WIDTH = 84


def docstring_lines(name: str, program: Program, statement: str = "", returns: str = "") -> list[str]:
    """The user's summary line (or the call), the statement's paragraphs, and what is returned."""
    arguments = ", ".join(parameter.name for parameter in program.parameters)
    summary = safe(program.doc.strip().partition("\n")[0].strip())
    if not summary:
        summary, statement = _summary(statement)
    summary = summary or f"{name}({arguments})."
    title = textwrap.wrap(summary, _WIDTH - 6, break_long_words=True) or [f"{name}."]
    lines = [f'    """{title[0]}', *(f"    {line}" for line in title[1:])]
    returns = returns or described(program.structure, program)
    paragraphs = [*statement.split("\n\n"), shapes(program), hidden(program), f"Returns {returns}."]
    for paragraph in filter(str.strip, paragraphs):
        lines += ["", *_paragraph(paragraph)]
    return [*lines, '    """']


def _summary(statement: str) -> tuple[str, str]:
    """The first sentence of a statement, with the function that it speaks of, and what comes after it."""
    first, _, rest = statement.partition("\n\n")
    if not first or first.startswith(" "):
        return "", statement
    call = rest.strip().partition(" = ")[0]
    return f"{first} {call}." if first.endswith(" of") else first, rest


def shapes(program: Program) -> str:
    """The shapes of the parameters where lengths stay open; nothing where all are numbers."""
    if not program.has_open_lengths:
        return ""
    stated = [
        f"{parameter.name} of shape {shape}"
        for parameter in program.parameters
        if parameter.structure is not None
        and (shape := _nested_shape(parameter.structure, iter(program.leaves_of(parameter.name)))) != "()"
    ]
    names = [name.text for name in names_of_inputs(program)]
    return f"For any {', '.join(names)}: {'; '.join(stated)}."


def hidden(program: Program) -> str:
    """What the user's function takes in besides its arguments, and this one is given."""
    stated = [f"{parameter.name}, {parameter.hidden}" for parameter in program.parameters if parameter.hidden]
    return f"Besides the arguments of the function: {'; '.join(stated)}." if stated else ""


def _nested_shape(structure: Structure, leaves: Iterator[Input]) -> str:
    """A shape; of a nested parameter those of its parts, between the brackets of its kind."""
    if structure.kind == "leaf":
        return str(next(leaves).shape)
    parts = [_nested_shape(part, leaves) for part in structure.parts]
    if structure.kind in ("list", "tuple"):
        inside = ", ".join(parts)
        return f"[{inside}]" if structure.kind == "list" else f"({inside})"
    return "{" + ", ".join(f"{key}: {part}" for key, part in zip(structure.keys, parts, strict=True)) + "}"


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
