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
from types import FunctionType, MethodType
from typing import Any

from symdiff.errors import BranchError, LoopError, OutputError, SymdiffError, TraceError
from symdiff.ir import make
from symdiff.ir.evaluate import bind
from symdiff.ir.nodes import Input, Node, ambient
from symdiff.ir.program import Parameter, Program, topological, with_bodies
from symdiff.ir.rewrite import substitute
from symdiff.ir.structure import LEAF, Structure
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.failures import failed, is_raised_on_numbers, unbound
from symdiff.tracing.following import Following
from symdiff.tracing.forking import PATH_BUDGET, Session, explore
from symdiff.tracing.frames import raised_at
from symdiff.tracing.loops import left_round, rounded
from symdiff.tracing.lowering.absent import NOTHING
from symdiff.tracing.lowering.choices import Apart
from symdiff.tracing.lowering.repetition import Kept, Unrolled
from symdiff.tracing.lowering.rounds import Writing
from symdiff.tracing.lowering.whole_numbers import misuse
from symdiff.tracing.outputs import outputs_of
from symdiff.tracing.parameters import Signature, read_signature
from symdiff.tracing.shadow import Swapper
from symdiff.tracing.sites import Sites, place_of
from symdiff.tracing.values import is_traced, to_node
from symdiff.tracing.whole import NotExact, argument_of


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
    signature = read_signature(function, args, kwargs, shapes, static, differentiated, differentiated is not None)
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
    differentiated = wrt(_program(function, read_signature(function, args, kwargs, None, static)))
    signature = read_signature(function, args, kwargs, None, static, differentiated, is_for_calls=True)
    blank = _program(function, signature)
    leaves = dict(zip(blank.inputs, bind(blank, *args, **kwargs), strict=True))
    outer = forking.following()
    nodes = {leaf: to_node(value) for leaf, value in leaves.items() if is_traced(value)}
    values = leaves | {leaf: forking.value_on_the_path(node) for leaf, node in nodes.items()}
    varying = [leaf for name in differentiated for leaf in blank.leaves_of(name)]
    varying += [leaf for leaf, node in nodes.items() if outer is not None and outer.varies(node)]

    def followed(*, is_exact: bool) -> Program:
        following = Following(values, varying, outer, is_exact=is_exact)
        with _ambient_kept():
            swapper, outputs, structure = _run(function, signature, Swapper(lowers=False), Sites(), following)
        made = _program(function, signature, swapper, outputs, structure)
        return dataclasses.replace(made, guards=tuple(following.guards.values()))

    try:
        return followed(is_exact=False)
    except NotExact:
        return followed(is_exact=True)


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
    if swapper:
        swapper.notes.memory.warn()
    return Program(
        name=_name(function),
        parameters=tuple(signature.parameters),
        inputs=tuple(signature.inputs),
        outputs=tuple(outputs),
        structure=structure,
        doc=inspect.getdoc(function) or "" if not isinstance(function, functools.partial) else "",
        codes=tuple(dict.fromkeys(swapper.notes.codes)) if swapper else (),
        constants=tuple(swapper.notes.constants.items()) if swapper else (),
        readings=tuple(swapper.notes.readings) if swapper else (),
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
            return swapper.in_shadow(parameter.structure).unflatten(
                [argument_of(leaf, leaf.name in signature.integers) for leaf in leaves]
            )

        positional, keywords = signature.arguments(argument)
        swapper.checks = session.checks.values()
        session.has_handlers = lambda: swapper.notes.has_handlers
        session.ends_blocks = lambda: swapper.notes.ends_blocks
        session.has_objects = lambda: swapper.notes.has_objects
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
        raise unbound(error, _last_return(function)) from error
    if following is None:
        _require_exact([*outputs, *(check.failure for check in swapper.checks)], signature, sites)
    return swapper, outputs, structure


def _require_exact(nodes: Sequence[Node], signature: Signature, sites: Sites) -> None:
    """Asks for another trace, or refuses, where whole numbers need not be exact and must be."""
    integers = [leaf for leaf in signature.inputs if leaf.name in signature.integers]
    found = misuse(substitute(nodes, {leaf: Input(leaf.name, leaf.shape, is_whole=True) for leaf in integers}))
    if found is None:
        return
    if found.loop is not None and found.loop.origin is not None and place_of(found.loop.origin) in sites.unrollable:
        raise Unrolled([found.loop.origin])
    raise rounded(found.node.origin)


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
        if session.following is not None and is_raised_on_numbers(error):
            raise
        if is_raised_on_numbers(error) and not session.is_in_round:
            _require_ended(session)
            if session.taken and not session.fail(make.constant(True), error, raised_at(error.__traceback__)):
                return NOTHING
        raise failed(error, session, signature) from error
    _require_ended(session)
    return value


def _require_ended(session: Session) -> None:
    """An exception that leaves one side of a choice, or a round that stands for all, is not one of the other sides."""
    if session.open_choices:
        raise Apart(session.open_choices)
    if session.is_in_round:
        raise left_round(session.kept_round.origin)
    session.attempts.end()


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
