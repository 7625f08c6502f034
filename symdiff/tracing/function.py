"""Tracing, from a plain Python function to a Program.

In: a function and what is known of its arguments. Out: a closed form that holds for every input, or an error that names
the user's line. The function is rebuilt with shadowed names (`shadow`), called with tracers (`tracer`) once for every
path through its `if`s (`forking`), and the results are joined (`outputs`).
"""

import dataclasses
import dis
import functools
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FunctionType, MethodType, ModuleType, TracebackType
from typing import Any

from symdiff.errors import BranchError, LoopError, OutputError, SymdiffError, TraceError, did_you_mean
from symdiff.ir import make
from symdiff.ir.evaluate import bind
from symdiff.ir.nodes import Input, Node, ambient
from symdiff.ir.program import Parameter, Program, topological, with_bodies
from symdiff.ir.structure import LEAF, Structure
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.alternatives import instead_of
from symdiff.tracing.arithmetic_errors import raise_where_caught
from symdiff.tracing.conversions import NO_DICT
from symdiff.tracing.describe import describe, in_the_users_terms
from symdiff.tracing.following import Following
from symdiff.tracing.forking import PATH_BUDGET, Session, explore
from symdiff.tracing.frames import names_known_at, raised_at, raising_library
from symdiff.tracing.loops import left_round
from symdiff.tracing.lowering import picking
from symdiff.tracing.lowering.absent import NOTHING
from symdiff.tracing.lowering.choices import Apart
from symdiff.tracing.lowering.repetition import Kept, Unrolled
from symdiff.tracing.lowering.rounds import Writing
from symdiff.tracing.outputs import outputs_of
from symdiff.tracing.parameters import Signature, read_signature
from symdiff.tracing.purity import outside_write
from symdiff.tracing.replacements import Replacement
from symdiff.tracing.shadow import Swapper
from symdiff.tracing.sites import Sites, place_of
from symdiff.tracing.texts import shown
from symdiff.tracing.tracer import ArrayTracer, Tracer
from symdiff.tracing.values import is_traced, to_node


def trace_function(
    function: Any,
    *,
    args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    shapes: Mapping[str, Any] | None = None,
    static: Iterable[str] | Mapping[str, Any] = (),
    differentiated: Collection[str] | None = None,
) -> Program:
    """The closed form of a plain Python function.

    args, kwargs: example arguments; their structure and shapes are read, never their values.
    shapes: shapes of array parameters by name, `{"x": 3}`, `{"A": (2, 2)}`.
    static: parameters that keep one value: names, whose values are the defaults or examples, or a dict of values.
    differentiated: the parameters that derivatives are taken by, where the trace is for calls like the example: whole
        numbers among the others may be positions, `x[i]`.

    Raises TraceError (or one of its kinds) with the user's line where there is no closed form, ArgumentError for names
    that are not parameters.

    >>> import math
    >>> def f(x, k=2.0):
    ...     return k * math.sin(x)
    >>> program = trace_function(f)
    >>> [parameter.name for parameter in program.parameters], len(program.nodes())
    (['x', 'k'], 4)
    """
    if not callable(function):
        raise TraceError(
            f"{function!r} is not a function",
            why="It is symdiff that calls it, with traced values.",
            fix="pass the function itself, without calling it",
        )
    static = dict(static) if isinstance(static, Mapping) else tuple(static)
    signature = read_signature(function, args, kwargs, shapes, static, differentiated)
    with _ambient_kept():
        swapper, outputs, structure = _traced(function, signature)
    return _program(function, signature, swapper, outputs, structure)


def follow_function(
    function: Any,
    *,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    static: Iterable[str] | Mapping[str, Any] = (),
    wrt: Callable[[Program], Sequence[str]],
) -> Program:
    """The function on the path that it takes for these arguments: right for all that give its guards the same values.

    static: as for `trace_function`.
    wrt: gives the names of the parameters that something is differentiated by.

    Inside a trace that follows an input itself, the arguments may be traced.

    >>> def f(x):
    ...     return x * x if x > 1.0 else 0.0
    >>> [str(guard) for guard in follow_function(f, args=(2.0,), kwargs={}, wrt=lambda program: ["x"]).guards]
    ['x > 1 is True, line 2']
    """
    static = dict(static) if isinstance(static, Mapping) else tuple(static)
    signature = read_signature(function, args, kwargs, None, static)
    blank = _program(function, signature)
    leaves = dict(zip(blank.inputs, bind(blank, *args, **kwargs), strict=True))
    outer = forking.following()
    nodes = {leaf: to_node(value) for leaf, value in leaves.items() if is_traced(value)}
    values = leaves | {leaf: forking.value_on_the_path(node) for leaf, node in nodes.items()}
    varying = [leaf for name in wrt(blank) for leaf in blank.leaves_of(name)]
    varying += [leaf for leaf, node in nodes.items() if outer is not None and outer.varies(node)]
    following = Following(values, varying, outer)
    with _ambient_kept():
        swapper, outputs, structure = _run(function, signature, Swapper(lowers=False), Sites(), following)
    made = _program(function, signature, swapper, outputs, structure)
    return dataclasses.replace(made, guards=tuple(following.guards.values()))


@contextmanager
def _ambient_kept() -> Iterator[None]:
    """A block after which the ambient origin and rule are what they were."""
    origin, rule = ambient.origin, ambient.rule
    ambient.rule = ""
    try:
        yield
    finally:
        ambient.origin, ambient.rule = origin, rule


def _program(
    function: Any,
    signature: Signature,
    swapper: Swapper | None = None,
    outputs: Sequence[Node] = (),
    structure: Structure = LEAF,
) -> Program:
    return Program(
        name=_name(function),
        parameters=tuple(signature.parameters),
        inputs=tuple(signature.inputs),
        outputs=tuple(outputs),
        structure=structure,
        doc=inspect.getdoc(function) or "" if not isinstance(function, functools.partial) else "",
        codes=tuple(dict.fromkeys(swapper.codes)) if swapper else (),
        constants=tuple(swapper.constants.items()) if swapper else (),
        readings=tuple(swapper.readings) if swapper else (),
        checks=tuple(swapper.checks) if swapper else (),
    )


def _traced(function: Any, signature: Signature) -> tuple[Swapper, list[Node], Structure]:
    """The outputs, with choices merged while the function runs; where that fails, by all paths one by one."""
    sites = Sites()
    refusal: SymdiffError | None = None
    while sites.count < PATH_BUDGET and refusal is None:
        try:
            found = _run(function, signature, Swapper(), sites)
            if not sites.early or not _reads_tables(signature, found[1]):
                return found
            sites.kept -= sites.early
            sites.whole |= sites.early
            sites.early.clear()
        except Apart as request:
            sites.apart.update(map(place_of, request.sites))
        except forking.Caught:
            break
        except Kept as request:
            sites.kept.update(map(place_of, request.sites))
            sites.early.update(map(place_of, request.sites if request.early else ()))
        except Unrolled as request:
            sites.unrolled.update(map(place_of, request.sites))
        except Writing as request:
            sites.written.setdefault(place_of(request.site), []).extend(request.paths)
        except SymdiffError as error:
            if isinstance(error, TraceError) and error.never_ends:
                raise
            refusal = error
    try:
        return _run(function, signature, Swapper(lowers=False), sites)
    except SymdiffError as error:
        if refusal is None or isinstance(refusal, BranchError):
            raise
        if type(refusal) in (TraceError, type(error)) and not isinstance(error, BranchError | LoopError):
            raise  # it says which path leads there, and points at the condition itself
    raise refusal


def _reads_tables(signature: Signature, outputs: Sequence[Node]) -> bool:
    """Whether a function of numbers has arrays inside: kept as it is, its loop would not be run element by element."""
    return not any(leaf.shape for leaf in signature.inputs) and any(
        node.shape for node in with_bodies(topological(outputs))
    )


def _run(
    function: Any,
    signature: Signature,
    swapper: Swapper,
    sites: Sites,
    following: Following | None = None,
) -> tuple[Swapper, list[Node], Structure]:
    rebuilt = swapper.swap_target(function)

    def run(session: Session) -> Any:
        def argument(parameter: Parameter, leaves: Sequence[Input]) -> Any:
            if parameter.structure is None:
                return swapper.swap(parameter.static_value)
            return swapper.in_shadow(parameter.structure).unflatten([_tracer(leaf) for leaf in leaves])

        positional, keywords = signature.arguments(argument)
        swapper.checks = session.checks.values()
        session.has_handlers = lambda: swapper.has_handlers
        session.ends_blocks = lambda: swapper.ends_blocks
        session.has_objects = lambda: swapper.has_objects
        try:
            return _call(rebuilt, positional, keywords, session, signature)
        except SymdiffError as error:
            if session.unrollable and not (isinstance(error, TraceError) and error.never_ends):
                raise Unrolled(session.unrollable) from None
            raise

    paths = explore(run, sites, following)
    try:
        outputs, structure = outputs_of(paths, swapper.original)
    except OutputError as error:
        error.origin = error.origin or _last_return(function)
        raise
    except UnboundLocalError as error:  # a name that only one side of a choice binds
        raise _unbound(error, _last_return(function)) from error
    return swapper, outputs, structure


def _tracer(leaf: Input) -> Tracer:
    return ArrayTracer(leaf, is_shared=True) if leaf.shape else Tracer(leaf)


_OF_PYTHON = (IndexError, KeyError, ZeroDivisionError)  # for lists, dicts and numbers that are known
_STAND_INS = (picking.subscripted.__code__,)  # what does in Python what the function's own instruction does


def _call(
    rebuilt: Any, positional: Sequence[Any], keywords: Mapping[str, Any], session: Session, signature: Signature
) -> Any:
    """The function's result on the running path; what goes wrong in it is told with the user's line."""
    try:
        value = rebuilt(*positional, **keywords)
    except SymdiffError as error:
        if error.origin is None:
            error.origin = raised_at(error.__traceback__)
        raise
    except RecursionError as error:
        raise TraceError(
            "the function calls itself without end",
            origin=raised_at(error.__traceback__),
            why="A recursion must end on values that do not depend on traced arguments.",
            fix="make the argument that ends it static, or write a loop with a fixed number of rounds",
        ) from error
    except Exception as error:
        if session.refusal is not None:  # a library made another error of it
            raise session.refusal from None
        if session.following is not None and _is_raised_on_numbers(error):
            raise
        if _is_raised_on_numbers(error) and not session.is_in_round:
            _require_ended(session)
            if session.taken and not session.fail(make.constant(True), error, raised_at(error.__traceback__)):
                return NOTHING
        raise _failed(error, session, signature) from error
    _require_ended(session)
    return value


def _require_ended(session: Session) -> None:
    """An exception that leaves one side of a choice, or a round that stands for all, is not one of the other sides."""
    if session.open_choices:
        raise Apart(session.open_choices)
    if session.is_in_round:
        raise left_round(session.kept_round.origin)
    session.attempts.end()


def _is_raised_on_numbers(error: Exception) -> bool:
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


def _failed(error: Exception, session: Session, signature: Signature) -> TraceError:
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
        return _unbound(error, origin, _reached(session))
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


def _unbound(error: UnboundLocalError, origin: Origin | None, label: str = "") -> TraceError:
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
    if trace is not None and trace.tb_frame.f_code is Replacement.__call__.__code__:
        return False  # a function of NumPy's or Python's own, on plain numbers
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).startswith("symdiff.")


def _innermost(error: Exception) -> TracebackType | None:
    """Where the exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def _last_return(function: Any) -> Origin | None:
    code = getattr(inspect.unwrap(function) if isinstance(function, FunctionType) else function, "__code__", None)
    if code is None:
        return None
    returns = [i.offset for i in dis.get_instructions(code) if i.opname.startswith("RETURN_")]
    return Origin(code, returns[-1]) if returns else None


def _name(function: Any) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    if isinstance(function, MethodType):
        function = function.__func__
    name = getattr(function, "__name__", None) or type(function).__name__
    return name if name.isidentifier() else "f"
