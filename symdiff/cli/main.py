"""The command: its parser, and what an error becomes.

In: the words of the command line. Out: the product on stdout, messages on stderr, and an exit code: 0 fine, 1 stale or
a tolerance exceeded, 2 usage, configuration or trace error, 130 interrupted. What a sub-command needs is imported when
it runs: `symdiff --help` must not pay for NumPy and SymPy.
"""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from symdiff.cli.exit_codes import FINE, INTERRUPTED, MISTAKE

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # of a disk, of a quota, of a file
_TARGET = "file.py:function or package.module:function"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    options = parser().parse_args(arguments)
    try:
        run = import_module(f"symdiff.cli.{options.command}").run
        code = run(options)
        sys.stdout.flush()
        return int(code)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough: `symdiff show … | head`
        _leave_the_rest()
        return FINE
    except Exception as error:  # the user's function may raise anything while it is traced
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            _leave_the_rest()
            print(f"symdiff: the output cannot be written: {error.strerror}", file=sys.stderr)
            return MISTAKE
        if os.environ.get("SYMDIFF_TRACEBACK") == "full":
            raise
        return int(import_module("symdiff.cli.mistakes").reported(error, as_json=getattr(options, "json", False)))


def _leave_the_rest() -> None:
    """What is still in the buffer of stdout goes nowhere: Python would fail to write it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    top = argparse.ArgumentParser(
        prog="symdiff",
        description="A plain Python function in; its derivatives as fast standalone source out.",
        epilog="exit codes: 0 fine, 1 stale or a tolerance exceeded, 2 a mistake, 130 interrupted",
    )
    top.add_argument("--version", action=_Version)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("demo", help="from a function to its derivative module, compared with other methods")
    _generate(commands)
    _show(commands)
    _compare(commands)
    explain = commands.add_parser("explain", help="what an error code means, and how to mend it")
    explain.add_argument("code", nargs="?", metavar="CODE", help="for example SD101; all codes without it")
    doctor = commands.add_parser("doctor", help="versions, optional packages, templates, a self-test of each backend")
    doctor.add_argument("--json", action="store_true", help="print one JSON object")
    return top


def _generate(commands: "Commands") -> None:
    made = commands.add_parser("generate", help="write the modules of targets; all of pyproject.toml without a target")
    made.add_argument("targets", nargs="*", metavar="TARGET", help=_TARGET)
    _function_options(made)
    made.add_argument("--emit", metavar="KINDS", help="of value,grad,value_and_grad,hess,jac,jvp,vjp,hvp")
    made.add_argument("--name", metavar="NAME", help="of the function in the module")
    made.add_argument("--templates", metavar="FOLDER", help="frames of your own")
    made.add_argument("--ulp", type=float, metavar="N", help="the largest error that is accepted")
    made.add_argument("--no-verify", action="store_true", help="leave out the proof")
    made.add_argument("-o", "--output", metavar="FILE", help="the file to write; without it the text is printed")
    how = made.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="write nothing; exit 1 with a diff where a file is stale")
    how.add_argument("--diff", action="store_true", help="write nothing; print what would change")
    made.add_argument("--force", action="store_true", help="overwrite a file that symdiff did not write")
    made.add_argument("--json", action="store_true", help="print one JSON object")


def _show(commands: "Commands") -> None:
    shown = commands.add_parser("show", help="the closed form of a function or of a derivative")
    shown.add_argument("target", metavar="TARGET", help=_TARGET)
    forms = ("pretty", "latex", "source", "graph", "dot")
    shown.add_argument("--as", dest="form", default="pretty", choices=forms, help="%(default)s without it")
    _function_options(shown)
    shown.add_argument("--emit", metavar="KIND", help="value (the function), grad (where --wrt is given), hess, …")


def _compare(commands: "Commands") -> None:
    compared = commands.add_parser("compare", help="a gradient beside those of other methods, errors in ULP")
    compared.add_argument("target", metavar="TARGET", help=_TARGET)
    compared.add_argument(
        "--against",
        default="fd,complex-step,mpmath",
        metavar="METHODS",
        help="of fd,complex-step,mpmath,autograd,jax; %(default)s without it",
    )
    compared.add_argument("--at", metavar="x=1,y=2", help="the point; a sampled one without it")
    _function_options(compared)
    compared.add_argument("--json", action="store_true", help="print one JSON object")


def _function_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--wrt", metavar="x,y", help="the parameters to differentiate by; all without it")
    command.add_argument("--backend", metavar="NAME", help="numpy, numexpr or math")
    command.add_argument("--simplify", metavar="LEVEL", help="none, fast or full")
    command.add_argument(
        "--shapes", action="append", metavar="x=3", help="the shape of an array parameter; 2x3 or 'n d' for two axes"
    )
    command.add_argument("--static", action="append", metavar="n=3", help="a parameter that keeps its value")


class _Version(argparse.Action):
    """`--version`, without importing anything before it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"symdiff {import_module('symdiff').__version__}")
        parser.exit()
