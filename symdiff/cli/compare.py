"""`symdiff compare TARGET`: its gradient at a point by several methods, with errors in ULP.

In: a target, methods, a point. Out: a table, or one JSON object.
"""

import argparse
import json
import math
from pathlib import Path
from typing import Any

from symdiff.build.configuration import load_configuration, options_from
from symdiff.build.generate import wrt_of
from symdiff.build.said import CommandLine
from symdiff.build.targets import load_target
from symdiff.cli.exit_codes import FINE
from symdiff.cli.tables import print_table
from symdiff.cli.words import aside, given_options, number, pairs
from symdiff.compare.report import Comparison, Row, compare
from symdiff.emit.sampling import arguments_of, points
from symdiff.errors import ArgumentError, ConfigurationError, VerificationError
from symdiff.ir.program import Program
from symdiff.tracing import trace_function

SCHEMA = 1


def run(arguments: argparse.Namespace) -> int:
    """Compare, and print."""
    folder = Path.cwd()
    options = options_from(given_options(arguments), load_configuration(folder).defaults, CommandLine())
    with aside():
        loaded = load_target(arguments.target, folder)
    methods = [word.strip() for word in arguments.against.split(",") if word.strip()]
    with loaded.importable(), aside():
        program = trace_function(loaded.function, shapes=options.shapes or None, static=options.static)
        point = _point(program, arguments.at)
        found = compare(loaded.function, program, wrt_of(program, options), point, methods, options.backend)
    if arguments.json:
        print(json.dumps(_facts(arguments.target, found)))
    else:
        print_comparison(found)
    return FINE


def _point(program: Program, text: str | None) -> dict[str, Any]:
    """The point that was named, or a sampled one; static parameters keep their values."""
    static = {parameter.name: parameter.static_value for parameter in program.parameters if parameter.is_static}
    named = [] if text is None else [{name: _float(value) for name, value in pairs([text], "--at", "x=1,y=2").items()}]
    try:
        (leaves,) = points(program, 1, named)
    except (ConfigurationError, VerificationError) as error:  # which tell how a configuration names a point
        error.fix = "--at " + ",".join(f"{each.name}=0.5" for each in program.parameters if each.name not in static)
        raise
    return {**arguments_of(program, leaves), **static}


def _float(text: str) -> float:
    value = number(text)
    if isinstance(value, bool | str):
        raise ArgumentError(f"--at takes numbers, not {text!r}", fix="--at x=0.3,y=1.1")
    return float(value)


def print_comparison(found: Comparison) -> None:
    """A column for each element, and the largest error."""
    heads = ["method", *(f"d/d{name}" for name in found.elements), "largest error"]
    print_table(heads, [_cells(row, len(found.elements)) for row in found.rows], numbers=True)
    for row in found.rows:
        if row.problem:
            print(f"{row.method} cannot: {row.problem}")
    for name, below, above in found.kinks:
        print(f"no derivative by {name}, at a kink or a jump: the slope below is {below:.6g}, above {above:.6g}")


def _cells(row: Row, count: int) -> list[str]:
    if row.problem:
        return [row.method, *["-"] * count, "-"]
    errors = [error for error in row.errors if not math.isnan(error)]  # nan at a kink
    return [row.method, *(repr(value) for value in row.values), f"{max(errors):.3g} ULP" if errors else "-"]


def _facts(target: str, found: Comparison) -> dict[str, Any]:
    at = {
        name: value if isinstance(value, int | float | str | bool | None) else repr(value)
        for name, value in found.arguments.items()
    }
    return {
        "schema": SCHEMA,
        "target": target,
        "at": at,
        "elements": list(found.elements),
        "rows": [row.facts() for row in found.rows],
        "kinks": [{"element": name, "below": below, "above": above} for name, below, above in found.kinks],
    }
