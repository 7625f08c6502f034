"""`symdiff generate`: write modules, or check that they are fresh.

In: targets, or the configuration. Out: files; or a text or a diff on stdout; messages on stderr.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from symdiff.build.check import Made, make_all, write_all
from symdiff.build.configuration import Configuration, Target, load_configuration
from symdiff.build.selection import selected_targets
from symdiff.cli.exit_codes import FINE, STALE
from symdiff.cli.words import aside, given_options
from symdiff.errors import ArgumentError

SCHEMA = 1


def run(arguments: argparse.Namespace) -> int:
    """Generate, check or show the difference."""
    configuration = load_configuration(Path.cwd())
    targets = _targets(arguments, configuration)
    with aside():
        made = make_all(targets, progress=_progress(arguments, len(targets)))
    if arguments.check or arguments.diff:
        return _checked(made, arguments)
    written = write_all(made, force=arguments.force)
    if arguments.json:
        _print_json(made, written=written)
        return FINE
    for item in made:
        _tell(item, written=item in written)
    return FINE


def _targets(arguments: argparse.Namespace, configuration: Configuration) -> list[Target]:
    output = Path(arguments.output) if arguments.output is not None else None
    targets = selected_targets(configuration, arguments.targets, given_options(arguments), output, Path.cwd())
    if (arguments.check or arguments.diff) and any(target.output is None for target in targets):
        name = targets[0].function.rpartition(":")[2].replace(".", "_")
        raise ArgumentError("there is no file to compare with", fix=f"-o {name}_derivatives.py")
    return targets


def _progress(arguments: argparse.Namespace, count: int) -> Any:
    """Long work shows where it is, on a terminal."""
    if arguments.json or count < 2 or not sys.stderr.isatty():
        return lambda _: None
    return lambda function: print(f"generating from {function} …", file=sys.stderr)


def _checked(made: list[Made], arguments: argparse.Namespace) -> int:
    stale = [item for item in made if not item.is_fresh]
    if arguments.json:
        _print_json(made, written=[], diffs=True)
    else:
        for item in stale:
            sys.stdout.write(item.diff())
        for item in made:
            print(f"{_SAYS[item.module.state]}: {item.module.path}", file=sys.stderr)
        if stale and arguments.check:
            ours = all(item.module.state in ("absent", "stale") for item in stale)
            print(f"symdiff generate{'' if ours else ' --force'} writes the files anew", file=sys.stderr)
    return STALE if stale and arguments.check else FINE


_SAYS = {
    "absent": "missing",
    "fresh": "fresh",
    "stale": "stale",
    "edited": "edited by hand",
    "foreign": "not written by symdiff",
}


def _tell(item: Made, *, written: bool) -> None:
    module = item.module
    if module.path is None:
        sys.stdout.write(module.text)
        return
    proof = f" ({module.accuracy})" if module.accuracy is not None else ""
    print(f"{'wrote' if written else 'unchanged'}: {module.path}{proof}", file=sys.stderr)


def _print_json(made: list[Made], *, written: list[Made], diffs: bool = False) -> None:
    print(json.dumps({"schema": SCHEMA, "targets": [_facts(item, item in written, diffs) for item in made]}))


def _facts(item: Made, written: bool, diffs: bool) -> dict[str, Any]:
    module = item.module
    facts: dict[str, Any] = {
        "function": item.target.function,
        "output": None if module.path is None else str(module.path),
        "state": module.state,
        "written": written,
        "accuracy": None if module.accuracy is None else str(module.accuracy),
    }
    if module.path is None:
        facts["text"] = module.text
    if diffs:
        facts["diff"] = item.diff()
    return facts
