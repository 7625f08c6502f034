"""Tables and highlighted code on a terminal, plain text in a pipe.

In: rows, or source text. Out: stdout. `rich` leaves colour out where NO_COLOR is set or stdout is no terminal.
"""

import shutil
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

_PIPE_WIDTH = 160


def console() -> Console:
    """stdout as wide as the terminal; in a pipe wide enough that nothing is cut."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(width=width, highlight=False, soft_wrap=not sys.stdout.isatty())


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool) -> None:
    """A table; columns after the first stand to the right where they are numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=any(heads))
    for position, head in enumerate(heads):
        table.add_column(head, justify="right" if position and numbers else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console().print(table)


def print_code(text: str) -> None:
    """Python source, highlighted on a terminal."""
    if sys.stdout.isatty():
        console().print(Syntax(text.rstrip(), "python", theme="ansi_dark", background_color="default"))
    else:
        print(text.rstrip())
