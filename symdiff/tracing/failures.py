"""What goes wrong in a function while it is traced, told as an error with the user's line and a fix.

In: the exception, and the path on which it was raised. Out: a TraceError;
whether the function raises it on numbers, too.
"""

import dis
from types import ModuleType, TracebackType

from symdiff.errors import TraceError, did_you_mean
from symdiff.origin import Origin
from symdiff.tracing.alternatives import instead_of
from symdiff.tracing.arithmetic_errors import raise_where_caught
from symdiff.tracing.conversions import NO_DICT
from symdiff.tracing.describe import describe, in_the_users_terms
from symdiff.tracing.forking import Session
from symdiff.tracing.frames import names_known_at, raised_at, raising_library
from symdiff.tracing.frozen import FrozenList
from symdiff.tracing.lowering import picking
from symdiff.tracing.parameters import Signature
from symdiff.tracing.purity import outside_write
from symdiff.tracing.replacements import Replacement
from symdiff.tracing.texts import shown

_OF_PYTHON = (IndexError, KeyError, ZeroDivisionError)  # for lists, dicts and numbers that are known
# What does in Python what the function's own instruction does.
_STAND_INS = (picking.subscripted.__code__, FrozenList.__getitem__.__code__)
_ON_NUMBERS = (*_STAND_INS, Replacement.__call__.__code__)  # a function of NumPy's or Python's own


def is_raised_on_numbers(error: Exception) -> bool:
    """Whether the function raises it on numbers too: by `raise` or `assert`, or as Python does for what is known."""
    origin = raised_at(error.__traceback__)
    if origin is None:
        return False
    trace = _innermost(error)
    code = None if trace is None else trace.tb_frame.f_code
    if code is raise_where_caught.__code__:  # arithmetic that the function might catch
        return True
    if isinstance(error, _OF_PYTHON) and code in (origin.code, *_STAND_INS):
        return True
    instructions = dis.get_instructions(origin.code)
    return any(each.offset == origin.offset and each.opname == "RAISE_VARARGS" for each in instructions)


def failed(error: Exception, session: Session, signature: Signature) -> TraceError:
    """The user's own code raised."""
    origin = raised_at(error.__traceback__)
    message = shown(lambda: str(error))
    text = in_the_users_terms(f"{type(error).__name__}: {message}" if message else type(error).__name__)
    if "read-only" in text:
        return outside_write("an array", origin)
    library = raising_library(error) or ""
    if instead_of(library):
        return TraceError(
            f"{library} raises {text}",
            origin=origin,
            why="It was run on traced values in place of numbers, and decides by numbers.",
            fix=instead_of(library),
        )
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        fix = did_you_mean(str(error.name), dir(error.obj)) or f"write what {error.obj.__name__} has"
        return TraceError(f"the function raises {text}", origin=origin, why="The module has no such name.", fix=fix)
    if isinstance(error, ImportError):
        why = "A traced function is run, and what it imports is imported."
        fix = "install it where symdiff runs, or take it out of the function"
        return TraceError(f"the function raises {text}", origin=origin, why=why, fix=fix)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        why = "Neither the function nor its module has this name."
        fix = did_you_mean(str(error.name), names_known_at(error)) or f"{error.name} = 1.0  # before the trace"
        return TraceError(f"the function raises {text}", origin=origin, why=why, fix=fix)
    if isinstance(error, OSError):
        why = "A traced function is run, and opens the files that it reads, once."
        fix = "read it outside of the function, and pass what it holds as an argument"
        return TraceError(f"the function raises {text}", origin=origin, why=why, fix=fix)
    if isinstance(error, IndexError | AttributeError) or "@" in text or signature.listed or _raised_by_us(error):
        guess = _wrong_guess(signature, text)
        if guess is not None:
            return TraceError(f"the function raises {text}", origin=origin, why=guess[0], fix=guess[1])
    if isinstance(error, IndexError) and any(leaf.shape for leaf in signature.inputs):
        known = ", ".join(f"{leaf.name} has the shape {leaf.shape}" for leaf in signature.inputs if leaf.shape)
        fix = "another key, or another shape where shapes are stated"
        return TraceError(
            f"the function raises {text}", origin=origin, label=_reached(session), why=f"{known}.", fix=fix
        )
    if isinstance(error, UnboundLocalError):
        return unbound(error, origin, _reached(session))
    if isinstance(error, StopIteration):
        return TraceError(
            f"the function raises {text}: `next` has taken all items",
            origin=origin,
            label=_reached(session),
            why="As many items must be there as are taken, for all arguments.",
            fix="go over the items in the loop itself: for item in items: …, with `break` where it ends earlier",
        )
    if not session.taken:
        return TraceError(
            f"the function raises {text}",
            origin=origin,
            why="It was run on traced values in place of numbers.",
            fix="try it on plain numbers; if it works there, write the marked part with functions that symdiff knows",
        )
    return TraceError(
        f"the function raises {text}",
        origin=origin,
        label=_reached(session),
        why="A closed form cannot raise, and leaving the path out would be wrong for the arguments that take it.",
        fix="check the arguments in the caller, or return a value here, such as math.nan",
    )


def _reached(session: Session) -> str:
    """The last conditions of the path that the function is on; empty where every call comes there."""
    conditions = [
        describe(decision.condition) if decision.side else f"not ({describe(decision.condition)})"
        for decision in session.taken[-3:]
    ]
    return f"reached when {' and '.join(conditions)}" if conditions else ""


def unbound(error: UnboundLocalError, origin: Origin | None, label: str = "") -> TraceError:
    """A name is read that has no value on some path, or on none."""
    name = str(error).partition("'")[2].partition("'")[0] or "y"
    return TraceError(
        f"the function raises UnboundLocalError: {error}",
        origin=origin,
        label=label,
        why=f"There are arguments for which nothing is assigned to {name} before, and Python raises for them too.",
        fix=f"{name} = 0.0  # before the `if` or the loop that assigns to it",
    )


def _wrong_guess(signature: Signature, text: str) -> tuple[str, str] | None:
    """Why the trace may have failed, and the fix, where shapes were not stated or were read as something else."""
    if signature.listed:
        name = signature.listed[0]
        return (
            f"The shape of {name} is a list, which says that {name} is a list of arrays.",
            f'shapes={{"{name}": "n d"}}, {{"{name}": "5 3"}} or {{"{name}": (5, 3)}} for an array of two axes',
        )
    names = signature.presumed
    if not names:
        return None
    if names[0] == "self":
        return (
            "self is the object that a method belongs to, and it was taken for a number.",
            "sd.derivative(object.method)",
        )
    if NO_DICT in text:
        return (
            f"{', '.join(names)} was taken for a number, as no shape is stated.",
            f'shapes={{"{names[0]}": {{"a": (), "b": "n"}}}}, a shape for each key',
        )
    stated = f'shapes={{"{names[0]}": "n"}} for a vector, "n d" for a matrix, "3" or "3 2" where lengths are known'
    what = "was taken for a number" if len(names) == 1 else "were taken for numbers"
    return f"{', '.join(names)} {what}, as no shape is stated.", stated


def _raised_by_us(error: Exception) -> bool:
    """Whether the exception comes from one of symdiff's rules, not from the user's own `raise`."""
    trace = _innermost(error)
    if trace is not None and trace.tb_frame.f_code in _ON_NUMBERS:
        return False
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).startswith("symdiff.")


def _innermost(error: Exception) -> TracebackType | None:
    """Where the exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace
