"""Tracing, from a plain Python function to a Program.

In: a function and what is known of its arguments. Out: a closed form that holds for every input, or an error that names
the user's line. The function is rebuilt with shadowed names (`shadow`), called with tracers (`tracer`) once for every
path through its `if`s (`forking`), and the results are joined (`outputs`).
"""

import functools
import inspect
from collections.abc import Iterable, Mapping, Sequence
from types import FunctionType, MethodType
from typing import Any

from symdiff.errors import LoopError, OutputError, SymdiffError, TraceError
from symdiff.ir.nodes import Input, Node, ambient
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import Structure
from symdiff.origin import Origin
from symdiff.tracing.describe import describe
from symdiff.tracing.forking import PATH_BUDGET, Place, Session, explore, place_of
from symdiff.tracing.frames import raised_at
from symdiff.tracing.lowering.choices import Apart
from symdiff.tracing.lowering.repetition import Unrolled
from symdiff.tracing.outputs import outputs_of
from symdiff.tracing.parameters import Signature, read_signature
from symdiff.tracing.purity import outside_write
from symdiff.tracing.shadow import Swapper
from symdiff.tracing.tracer import ArrayTracer, Tracer


def trace_function(
    function: Any,
    *,
    args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    shapes: Mapping[str, Any] | None = None,
    static: Iterable[str] | Mapping[str, Any] = (),
) -> Program:
    """The closed form of a plain Python function.

    args, kwargs: example arguments; their structure and shapes are read, never their values.
    shapes: shapes of array parameters by name, `{"x": 3}`, `{"A": (2, 2)}`.
    static: parameters that keep one value: names, whose values are the defaults or examples, or a dict of values.

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
        raise TraceError(f"{function!r} is not a function", fix="pass the function itself, without calling it")
    static = dict(static) if isinstance(static, Mapping) else tuple(static)
    signature = read_signature(function, args, kwargs, shapes, static)
    origin, rule = ambient.origin, ambient.rule
    ambient.rule = ""
    try:
        swapper, outputs, structure = _traced(function, signature)
    finally:
        ambient.origin, ambient.rule = origin, rule
    return Program(
        name=_name(function),
        parameters=tuple(signature.parameters),
        inputs=tuple(signature.inputs),
        outputs=tuple(outputs),
        structure=structure,
        doc=inspect.getdoc(function) or "" if not isinstance(function, functools.partial) else "",
        codes=tuple(dict.fromkeys(swapper.codes)),
        constants=tuple(swapper.constants.items()),
        readings=tuple(swapper.readings),
    )


def _traced(function: Any, signature: Signature) -> tuple[Swapper, list[Node], Structure]:
    """The outputs, with choices merged while the function runs; where that fails, by all paths one by one."""
    apart: set[Place] = set()
    unrolled: set[Place] = set()
    refusal: SymdiffError | None = None
    while len(apart) + len(unrolled) < PATH_BUDGET:
        try:
            return _run(function, signature, Swapper(), apart, unrolled)
        except Apart as request:
            apart.update(map(place_of, request.sites))
        except Unrolled as request:
            unrolled.update(map(place_of, request.sites))
        except SymdiffError as error:
            refusal = error
            break
    try:
        return _run(function, signature, Swapper(lowers=False), apart, unrolled)
    except LoopError:
        if isinstance(refusal, LoopError):
            raise refusal from None
        raise


def _run(
    function: Any, signature: Signature, swapper: Swapper, apart: Iterable[Place], unrolled: Iterable[Place]
) -> tuple[Swapper, list[Node], Structure]:
    rebuilt = swapper.swap_target(function)

    def run(session: Session) -> Any:
        def argument(parameter: Parameter, leaves: Sequence[Input]) -> Any:
            if parameter.structure is None:
                return swapper.swap(parameter.static_value)
            return swapper.in_shadow(parameter.structure).unflatten([_tracer(leaf) for leaf in leaves])

        positional, keywords = signature.arguments(argument)
        try:
            return _call(rebuilt, positional, keywords, session)
        except SymdiffError:
            if session.unrollable:
                raise Unrolled(session.unrollable) from None
            raise

    paths = explore(run, apart, unrolled)
    try:
        outputs, structure = outputs_of(paths, swapper.original)
    except OutputError as error:
        error.origin = error.origin or _last_return(function)
        raise
    except UnboundLocalError as error:  # a name that only one side of a choice binds
        raise TraceError(f"the function raises UnboundLocalError: {error}", origin=_last_return(function)) from error
    return swapper, outputs, structure


def _tracer(leaf: Input) -> Tracer:
    return ArrayTracer(leaf, is_shared=True) if leaf.shape else Tracer(leaf)


def _call(rebuilt: Any, positional: Sequence[Any], keywords: Mapping[str, Any], session: Session) -> Any:
    """The function's result on the running path; what goes wrong in it is told with the user's line."""
    try:
        return rebuilt(*positional, **keywords)
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
        raise _failed(error, session) from error


def _failed(error: Exception, session: Session) -> TraceError:
    """The user's own code raised."""
    origin = raised_at(error.__traceback__)
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    text = text.replace("'ArrayTracer'", "'numpy.ndarray'").replace("'Tracer'", "'float'")
    if "read-only" in text:
        return outside_write("an array", origin)
    if not session.taken:
        return TraceError(
            f"the function raises {text}",
            origin=origin,
            why="It was run on traced values in place of numbers.",
            fix="try it on plain numbers; if it works there, write the marked part with functions that symdiff knows",
        )
    conditions = [
        describe(decision.condition) if decision.side else f"not ({describe(decision.condition)})"
        for decision in session.taken[-3:]
    ]
    return TraceError(
        f"the function raises {text}",
        origin=origin,
        label=f"reached when {' and '.join(conditions)}",
        why="A closed form cannot raise, and leaving the path out would be wrong for the arguments that take it.",
        fix="check the arguments in the caller, or return a value here, such as math.nan",
    )


def _last_return(function: Any) -> Origin | None:
    import dis

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
