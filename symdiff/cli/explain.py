"""`symdiff explain CODE`: an error, a program that fails with it, and the program mended.

In: a code, or none. Out: its explanation, or the list of all codes.
"""

import argparse
import inspect

from symdiff.cli.exit_codes import FINE
from symdiff.errors import catalogue, explain


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation."""
    if arguments.code is not None:
        print(explain(arguments.code))
        return FINE
    for code, error in catalogue().items():
        print(f"{code}  {error.__name__:<18}  {(inspect.getdoc(error) or '').splitlines()[0]}")
    return FINE
