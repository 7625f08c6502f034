"""The computational graph, drawn: boxes for values, arrows from arguments to what is made of them.

In: a function, or a tape. Out: a `Drawing`: SVG of our own layout, and DOT for those who have Graphviz.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symdiff.errors import ArgumentError, ExpressionError, short_traceback
from symdiff.ir.nodes import Const, Input, Node
from symdiff.ir.program import Program
from symdiff.teach.layout import Layout, layered
from symdiff.teach.steps import Link, Steps, is_constant
from symdiff.teach.words import number
from symdiff.tracing import trace_function

if TYPE_CHECKING:
    from symdiff.teach.tape import Tape

_MOST_BOXES = 400
_LETTER, _LINE = 7.3, 16.0  # a letter of a 12 px monospaced font, and a line
_MARGIN = 12.0
_LONGEST = 28  # letters of a label
_COLOURS = {"input": "#dbeafe", "constant": "#e5e7eb", "step": "#ffffff", "output": "#dcfce7"}

_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"
 font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12" text-anchor="middle">
<title>{title}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">\
<path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker></defs>
<rect width="{width}" height="{height}" fill="#fff"/>
<g transform="translate({margin},{margin})">"""


@dataclass(frozen=True)
class Box:
    """One value: the lines of text in it, and whether it is an input, a constant, a step or an output."""

    lines: tuple[str, ...]
    kind: str
    hint: str


@dataclass(frozen=True)
class Arrow:
    """From box to box, with the local derivative; without one where no derivative passes."""

    start: int
    end: int
    label: str
    hint: str
    carries: bool


@dataclass(frozen=True)
class Drawing:
    """A computational graph as a picture; notebooks show it."""

    name: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    @functools.cached_property
    def svg(self) -> str:
        """The picture as SVG, with the layout of `layout.layered`."""
        sizes = [(_LETTER * max(map(len, box.lines)) + 16, _LINE * len(box.lines) + 8) for box in self.boxes]
        labels = [(_LETTER * len(arrow.label) + 6, _LINE if arrow.label else 0.0) for arrow in self.arrows]
        plan = layered(sizes, [(arrow.start, arrow.end) for arrow in self.arrows], labels)
        middle = [
            *(_svg_arrow(arrow, plan, position) for position, arrow in enumerate(self.arrows)),
            *(_svg_box(box, *plan.boxes[position], *sizes[position]) for position, box in enumerate(self.boxes)),
        ]
        frame = _FRAME.format(
            width=_px(plan.width + 2 * _MARGIN),
            height=_px(plan.height + 2 * _MARGIN),
            margin=_px(_MARGIN),
            title=_xml(f"the computational graph of {self.name}"),
        )
        return "\n".join([frame, *middle, "</g>", "</svg>"]) + "\n"

    @property
    def dot(self) -> str:
        """The graph in Graphviz's language: `dot -Tpdf graph.dot`."""
        lines = [
            f"digraph {_quoted(self.name)} {{",
            '  rankdir=LR; node [shape=box, style=filled, fontname="monospace"];',
        ]
        for position, box in enumerate(self.boxes):
            colour = _COLOURS[box.kind]
            lines.append(f'  n{position} [label={_quoted(chr(10).join(box.lines))}, fillcolor="{colour}"];')
        for arrow in self.arrows:
            style = "" if arrow.carries else ", style=dashed"
            lines.append(f"  n{arrow.start} -> n{arrow.end} [label={_quoted(arrow.label)}{style}];")
        return "\n".join([*lines, "}"]) + "\n"

    def save(self, path: str | Path) -> Path:
        """Write the picture: SVG, or DOT for a name that ends in `.dot` or `.gv`. Raises ArgumentError for others."""
        file = Path(path)
        if file.suffix not in (".svg", ".dot", ".gv"):
            raise ArgumentError(
                f"a drawing is saved as .svg, .dot or .gv, not {file.name!r}", fix=f'save("{file.stem or "graph"}.svg")'
            )
        file.write_text(self.svg if file.suffix == ".svg" else self.dot, encoding="utf-8", newline="\n")
        return file

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<symdiff: graph of {self.name}, {len(self.boxes)} values, {len(self.arrows)} arrows>"


@short_traceback
def draw(
    function: Callable[..., Any],
    *,
    shapes: Mapping[str, Any] | None = None,
    static: Iterable[str] | Mapping[str, Any] = (),
) -> Drawing:
    """The computational graph of a function, with the local derivatives on its arrows as formulas.

    function: plain Python, or what `trace` and `grad` return.
    shapes, static: as for `trace`.

    Raises TraceError (and its kinds) with the line that cannot be traced, ArgumentError for more than 400 values.

    >>> import math
    >>> import symdiff as sd
    >>> graph = sd.draw(lambda x1, x2: math.cos(x1) + x1 * x2)
    >>> graph
    <symdiff: graph of f, 5 values, 5 arrows>
    >>> [arrow.label for arrow in graph.arrows]
    ['-sin(x1)', 'x2', 'x1', '1', '1']
    """
    program = getattr(function, "program", None)
    if not isinstance(program, Program):
        program = trace_function(function, shapes=shapes, static=static)
    return drawing_of(program)


def drawing_of(program: Program) -> Drawing:
    """The drawing of a Program without numbers."""
    steps = Steps(program)
    return _drawn(steps, lambda node: (), lambda link: _formula(steps, link))


def drawing_of_tape(tape: "Tape", steps: Steps) -> Drawing:
    """The drawing with the values and gradients of a tape."""
    edges = {(edge.source, edge.target, edge.position): edge for edge in tape.edges}

    def numbers(node: Node) -> tuple[str, ...]:
        step = tape[steps.names[node]]
        shown = f"value {number(step.value)}"
        return (shown,) if step.gradient is None else (shown, f"gradient {number(step.gradient)}")

    def local(link: Link) -> str:
        value = edges[steps.names[link.source], steps.names[link.target], link.position].value
        return "" if value is None else number(value)

    return _drawn(steps, numbers, local)


def _drawn(steps: Steps, more: Callable[[Node], tuple[str, ...]], label: Callable[[Link], str]) -> Drawing:
    if len(steps.nodes) > _MOST_BOXES:
        raise ArgumentError(
            f"{steps.program.name} has {len(steps.nodes):,} values: a drawing shows {_MOST_BOXES} at most",
            fix="draw a part of it, a helper function or one round of a loop",
        )
    number_of = {node: position for position, node in enumerate(steps.nodes)}
    boxes = tuple(Box((_title(steps, node), *more(node)), _kind(steps, node), _place(node)) for node in steps.nodes)
    arrows = tuple(
        Arrow(
            number_of[link.source],
            number_of[link.target],
            _cut(label(link)) if link.carries else "",
            link.rule if link.carries else "no derivative passes",
            link.carries,
        )
        for link in steps.links
    )
    return Drawing(steps.program.name, boxes, arrows)


def _title(steps: Steps, node: Node) -> str:
    name = steps.names[node]
    return name if isinstance(node, Input | Const) else _cut(f"{name} = {steps.operation(node)}")


def _kind(steps: Steps, node: Node) -> str:
    if node in steps.program.outputs:
        return "output"
    if isinstance(node, Input):
        return "input"
    return "constant" if is_constant(node) else "step"


def _place(node: Node) -> str:
    """The user's line, for the pointer that rests on the box."""
    origin = node.origin if node.args else None
    return "" if origin is None or origin.line is None else f"line {origin.line}: {origin.text.strip()}"


def _formula(steps: Steps, link: Link) -> str:
    """The local derivative as a formula, where it is one of numbers, or the same for every element."""
    if link.local is None:
        return ""
    try:
        found = steps.elementwise_expression(link.local)
    except ExpressionError:
        return ""
    return "" if found is None else str(found)


def _svg_arrow(arrow: Arrow, plan: Layout, position: int) -> str:
    points = plan.paths[position]
    path = [f"M{_px(points[0][0])},{_px(points[0][1])}"]
    for index, ((x, y), (after_x, after_y)) in enumerate(pairwise(points)):
        if index % 2:
            path.append(f"L{_px(after_x)},{_px(after_y)}")
        else:
            middle = _px((x + after_x) / 2)
            path.append(f"C{middle},{_px(y)} {middle},{_px(after_y)} {_px(after_x)},{_px(after_y)}")
    dashes = "" if arrow.carries else ' stroke-dasharray="4 3"'
    line = f'<path d="{" ".join(path)}" fill="none" stroke="#555"{dashes} marker-end="url(#tip)"/>'
    label = _svg_label(arrow.label, *plan.labels[position]) if arrow.label else ""
    return f"<g><title>{_xml(arrow.hint)}</title>{line}{label}</g>"


def _svg_label(text: str, x: float, y: float) -> str:
    """The text on white, so that the arrow does not cross it."""
    width, height = _LETTER * len(text) + 2, _LINE - 2
    return (
        f'<rect x="{_px(x - width / 2)}" y="{_px(y - height / 2)}" width="{_px(width)}" height="{_px(height)}" '
        f'fill="#fff"/><text x="{_px(x)}" y="{_px(y + 4)}" fill="#b45309">{_xml(text)}</text>'
    )


def _svg_box(box: Box, x: float, y: float, width: float, height: float) -> str:
    corner = 4 if box.kind == "step" else 10
    frame = (
        f'<rect x="{_px(x - width / 2)}" y="{_px(y - height / 2)}" width="{_px(width)}" height="{_px(height)}" '
        f'rx="{corner}" fill="{_COLOURS[box.kind]}" stroke="#333"/>'
    )
    first = y - _LINE * (len(box.lines) - 1) / 2 + 4
    lines = "".join(
        f'<text x="{_px(x)}" y="{_px(first + _LINE * row)}">{_xml(line)}</text>' for row, line in enumerate(box.lines)
    )
    hint = f"<title>{_xml(box.hint)}</title>" if box.hint else ""
    return f"<g>{hint}{frame}{lines}</g>"


def _px(length: float) -> str:
    """A length with one decimal; the same text for lengths that differ by rounding."""
    text = f"{length + 0.0:.1f}"
    return "0.0" if text == "-0.0" else text


def _xml(text: str) -> str:
    return escape("".join(letter if letter.isprintable() else "?" for letter in text), quote=True)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
