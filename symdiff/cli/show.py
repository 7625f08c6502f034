"""`symdiff show TARGET`: the closed form of a function, or of a derivative of it.

In: a target. Out: the formula as text or LaTeX, the module, or the graph as SVG or DOT, on stdout.
"""

import argparse
from pathlib import Path

from symdiff.build.configuration import EMIT, Target, load_configuration, options_from
from symdiff.build.generate import derived_programs, generate_target
from symdiff.build.said import CommandLine
from symdiff.build.targets import load_target
from symdiff.cli.exit_codes import FINE
from symdiff.cli.words import aside, given_options
from symdiff.errors import ArgumentError
from symdiff.errors.message import choices, closest
from symdiff.ir.program import Program
from symdiff.tracing import trace_function

_DRAWINGS = ("graph", "dot")


def run(arguments: argparse.Namespace) -> int:
    """Print the form that is asked for."""
    if arguments.emit is None:
        arguments.emit = "value" if arguments.wrt is None else "grad"
    if arguments.emit not in EMIT:
        raise ArgumentError(
            f"--emit cannot be {arguments.emit!r} here",
            why=choices("It is one of", arguments.emit, EMIT),
            fix=f"--emit {closest(arguments.emit, EMIT) or 'grad'}",
        )
    folder = Path.cwd()
    options = options_from(given_options(arguments), load_configuration(folder).defaults, CommandLine())
    target = Target(function=arguments.target, options=options, folder=folder)
    if arguments.form == "source":
        with aside():
            text = generate_target(target).text
        print(text, end="")
        return FINE
    with aside():
        loaded = load_target(target.function, folder)
    with loaded.importable(), aside():
        program = trace_function(loaded.function, shapes=options.shapes or None, static=options.static)
    functions, _ = derived_programs(program, options)
    drawn = arguments.form in _DRAWINGS
    for derived in functions.values():
        # The function itself is drawn as it was written, before anything is simplified.
        print(_shown(program if arguments.emit == "value" and drawn else derived, arguments.form))
    return FINE


def _shown(program: Program, form: str) -> str:
    if form in _DRAWINGS:
        from symdiff.teach.drawing import drawing_of

        drawing = drawing_of(program)
        return (drawing.svg if form == "graph" else drawing.dot).rstrip()
    from symdiff.algebra import sympy_view

    return sympy_view.latex(program) if form == "latex" else sympy_view.pretty(program)
