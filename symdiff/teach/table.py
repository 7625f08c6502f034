"""The tape as a table: plain text, HTML, LaTeX.

In: a tape. Out: text.
"""

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from symdiff.teach.words import ascii_text, number

if TYPE_CHECKING:
    from symdiff.teach.tape import Edge, Step, Tape

WIDTH = 100
_NAME, _NUMBER = 14, 16  # the widest columns
_RULE = 24  # the room that rules have at least
_FORMULAS = 40  # steps that a formula is made of at most


def text(tape: "Tape") -> str:
    """A table of at most 100 columns; letters other than ASCII only where the user's names have them."""
    header = ["line", "step", "value", "gradient"]
    rows = [
        ["" if step.line is None else str(step.line), _cut(step.name, _NAME), *_numbers(step)] for step in tape.steps
    ]
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(4)]
    room = WIDTH - sum(widths) - 8
    found = [f"tape of {_call(tape)} = {number(tape.value)}", "", _row(header, widths) + "  operation"]
    found.append("  ".join("-" * width for width in [*widths, len("operation")]))
    longest = max((len(_local(edge)) for edge in tape.edges), default=0)
    indent = min(WIDTH - room + 2, WIDTH - longest - _RULE)  # below the operation, unless rules would be cut short
    for step, row in zip(tape.steps, rows, strict=True):
        operation = f"{step.operation}{_role(step)}"
        found.append(f"{_row(row, widths)}  {_cut(operation, room)}")
        found += [" " * indent + _cut(line, WIDTH - indent) for line in _edges(step)]
    for rounds in tape.rounds:
        found += ["", *(_cut(line, WIDTH) for line in str(rounds).splitlines())]
    return "\n".join(line.rstrip() for line in found)


def html(tape: "Tape") -> str:
    """A table; the user's line shows when the pointer rests on its number."""
    head = "".join(
        f"<th>{title}</th>" for title in ("line", "step", "operation", "value", "gradient", "local derivatives")
    )
    rows = "".join(_html_row(step) for step in tape.steps)
    after = "".join(f"<pre>{escape(str(rounds))}</pre>" for rounds in tape.rounds)
    caption = escape(f"{_call(tape)} = {number(tape.value)}")
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{after}"


def latex(tape: "Tape") -> str:
    """Each step as a formula of its arguments, and its gradient as one of the steps, with their values."""
    import sympy

    output = next((step.name for step in tape.steps if step.is_output), tape.program.name)
    rows = []
    for step in tape.steps:
        if step.gradient is None:
            continue
        symbol = sympy.latex(sympy.Symbol(step.name))
        made = f"{sympy.latex(step.expr)} =" if step.edges else ""
        slope = f"\\frac{{\\partial {sympy.latex(sympy.Symbol(output))}}}{{\\partial {symbol}}}"
        gradient = sympy.latex(step.gradient_expr)
        rows.append(f"{symbol} &= {made} {_tex(step.value)} & {slope} &= {gradient} = {_tex(step.gradient)}")
    body = r" \\ ".join(" ".join(row.split()) for row in rows)
    return rf"\begin{{array}}{{rlrl}} {body} \end{{array}}"


def has_formulas(tape: "Tape") -> bool:
    """Whether the tape is short and made of single numbers without loops, so that there are formulas to be read."""
    return len(tape.steps) <= _FORMULAS and not tape.rounds and all(np.ndim(step.value) == 0 for step in tape.steps)


def _role(step: "Step") -> str:
    """What a step is besides a value: the output, the condition of a `raise`."""
    return "  -> output" if step.is_output else f"  -> raises {step.raises}" if step.raises else ""


def _numbers(step: "Step") -> list[str]:
    return [_cut(number(step.value), _NUMBER), _cut(number(step.gradient), _NUMBER)]


def _row(cells: list[str], widths: list[int]) -> str:
    line, name, *numbers = cells
    right = (cell.rjust(width) for cell, width in zip(numbers, widths[2:], strict=True))
    return "  ".join([line.rjust(widths[0]), name.ljust(widths[1]), *right])


def _edges(step: "Step") -> list[str]:
    """One line an edge, the rules below one another."""
    shown = [_local(edge) for edge in step.edges]
    width = max(map(len, shown), default=0)
    return [
        f"{local:<{width}}  {ascii_text(edge.rule)}".rstrip() for local, edge in zip(shown, step.edges, strict=True)
    ]


def _local(edge: "Edge") -> str:
    value = "linear" if edge.value is None else number(edge.value)
    return f"d{_cut(edge.target, _NAME)}/d{_cut(edge.source, _NAME)} = {value}"


def _html_row(step: "Step") -> str:
    local = "<br>".join(f"{escape(_local(edge))} <small>{escape(edge.rule)}</small>" for edge in step.edges)
    name = f"<b>{escape(step.name)}</b>" if step.is_output else escape(step.name)
    line = "" if step.line is None else f'<span title="{escape(step.source, quote=True)}">{step.line}</span>'
    cells = (
        line,
        name,
        escape(f"{step.operation}{_role(step) if step.raises else ''}"),
        escape(number(step.value)),
        escape(number(step.gradient)),
        local,
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _call(tape: "Tape") -> str:
    return f"{tape.program.name}({', '.join(parameter.name for parameter in tape.program.parameters)})"


def _tex(value: object) -> str:
    mantissa, _, exponent = number(value).replace("inf", r"\infty").partition("e")
    return f"{mantissa} \\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else f"{words[: width - 3]}..."
