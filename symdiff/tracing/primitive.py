"""Primitives: functions that tracing does not look into.

In: a Python function, its derivative rules, and calls of it. Out: on numbers the function's own result; on traced
values a Call node, of the shape that the function returns at sample points, or that was declared.
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, TraceError
from symdiff.ir import make
from symdiff.ir.calls import Arguments, Results, called
from symdiff.ir.nodes import Call, DType, Node, ambient
from symdiff.ir.structure import LEAF, structure_of
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.sampled import sampled_results
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import has_tracer, is_traced, to_node

Function = Callable[..., Any]


class Primitive:
    """An opaque function: called with numbers it is the function, called with traced values it is one operation.

    function: pure; it gets floats and arrays, and returns a number or an array whose shape depends on shapes alone.
    inline: whether generated code has the traced body of the function in place of a call.
    shape: what gives the shape of the result, called with the shapes of the arguments in their places (other values as
        they are), which is then complex if an argument is; without it the function is run at sample points.
    """

    def __init__(self, function: Function, *, inline: bool = False, shape: Function | None = None) -> None:
        if not callable(function):
            raise ArgumentError(
                f"a primitive is made of a function, not of {function!r:.40}",
                fix="@sd.primitive above the `def` of a function, or sd.primitive(f) without calling it",
            )
        self.function = function
        self.is_inline = inline
        self.rules: Mapping[int | None, Rule] = MappingProxyType({})
        self._shape = shape
        self.closed_forms: dict[Any, Any] = {}  # rules traced for the shapes of calls (`calculus.calls`)
        self._results: dict[Any, tuple[Results, Arguments]] = {}
        functools.update_wrapper(self, function)
        self.__name__ = getattr(function, "__name__", None) or type(function).__name__

    @property
    def name(self) -> str:
        """How the user calls it."""
        return self.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not has_tracer(args) and not has_tracer(kwargs):
            return self.function(*args, **kwargs)
        ambient.origin = user_origin()
        if kwargs:
            args, kwargs = self._by_position(args, kwargs)
        leaves = (structure := structure_of((args, kwargs))).flatten((args, kwargs))
        static = tuple([(i, _original(leaf)) for i, leaf in enumerate(leaves) if not _is_varying(leaf)])
        arguments = Arguments(structure, static)
        node = self.node(arguments, [to_node(leaves[position]) for position in arguments.positions])
        return node.structure.unflatten([wrap(leaf) for leaf in leaves_of_call(node)])

    def _by_position(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments, by position where the function takes them so: derivatives are known by position."""
        try:
            bound = inspect.signature(self.function).bind(*args, **kwargs)
        except ValueError:  # a built-in function without a signature
            return args, kwargs
        return bound.args, bound.kwargs

    def node(self, arguments: Arguments, args: Sequence[Node]) -> Call:
        """The Call of the primitive on nodes."""
        key = (arguments.key, *((arg.shape, arg.dtype) for arg in args))
        if key not in self._results:
            self._results[key] = self._found(arguments, args), arguments  # kept alive: a key may hold identities
        node = called(self, arguments, args, self._results[key][0])
        assert isinstance(node, Call)
        return node

    def _found(self, arguments: Arguments, args: Sequence[Node]) -> Results:
        """What the function returns for arguments of these shapes."""
        if self._shape is not None:
            positional, keywords = arguments.filled([arg.shape for arg in args])
            shape = self._shape(*positional, **keywords)
            return Results(LEAF, ((tuple(shape) if isinstance(shape, tuple | list) else (shape,), _declared(args)),))
        try:
            return sampled_results(self.function, arguments, args)
        except LookupError as failure:
            return refuse(self._not_understood(failure))

    def _not_understood(self, failure: LookupError) -> TraceError:
        error = TraceError(
            f"the shape of what the primitive {self.name} returns cannot be found",
            origin=user_origin(),
            why=f"It is run at sample points. {failure}",
            fix=f"declare it: @sd.primitive(shape=lambda {', '.join(self._parameters())}: …), a function of shapes",
        )
        error.__cause__ = failure
        return error

    def _parameters(self) -> list[str]:
        try:
            return list(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):
            return ["x"]

    # -- rules --------------------------------------------------------------------------------------------------

    def rule(self, argnum: int | None) -> "Rule":
        """What is known of the derivative by an argument (None: by all at once)."""
        return self.rules.get(argnum) or Rule()

    def define(self, argnum: int | None, **known: Any) -> None:
        """Adds to what is known of the derivative by an argument. Traces that used the primitive are made anew."""
        before = self.rules.get(argnum, Rule())
        self.rules = MappingProxyType({**self.rules, argnum: replace(before, **known)})

    def defvjp(self, *makers: Function | None, argnums: Sequence[int] | None = None) -> None:
        """autograd's reverse rules, one an argument: `lambda ans, *args: lambda g: …`; None for a zero derivative."""
        for argnum, maker in _numbered(makers, argnums):
            self.define(argnum, vjp=zero_rule if maker is None else maker)

    def defjvp(self, *rules: Function | str | None, argnums: Sequence[int] | None = None) -> None:
        """autograd's forward rules, one an argument: `lambda g, ans, *args: …`; None for zero, "same" where linear."""
        for argnum, rule in _numbered(rules, argnums):
            if isinstance(rule, str) and rule != "same":
                raise ArgumentError(
                    f"a forward rule is a function, None or 'same', not {rule!r}",
                    fix='f.defjvp("same") for a linear function, else f.defjvp(lambda g, ans, x: g * slope(x))',
                )
            self.define(argnum, jvp=zero_rule if rule is None else self._same(argnum) if rule == "same" else rule)

    def _same(self, argnum: int) -> Function:
        """The rule of an argument that the function is linear in."""

        def same(g: Any, ans: Any, *args: Any, **kwargs: Any) -> Any:
            return self(*args[:argnum], g, *args[argnum + 1 :], **kwargs)

        return same

    def derivative(self, rule: Function | int = 0) -> Any:
        """A decorator: the derivative of an elementwise function, given as a function of the same arguments.

        `@f.derivative` is by the first argument, `@f.derivative(1)` by the second. A call of the primitive itself in
        the rule costs nothing: it is the value that is there already.
        """
        if callable(rule):
            self.define(0, slope=rule)
            return rule

        def decorate(slope: Function) -> Function:
            self.define(rule, slope=slope)
            return slope

        return decorate

    def vjp(self, rule: Function) -> Function:
        """A decorator: the reverse rule of all arguments, `rule(g, *args)`, a tuple where there are several."""
        self.define(None, vjp=rule)
        return rule

    def jvp(self, rule: Function) -> Function:
        """A decorator: the forward rule, `rule(tangents, *args)`; tangents are a tuple, zeros where there is none."""
        self.define(None, jvp=rule)
        return rule

    def __reduce__(self) -> str:
        return str(vars(self)["__qualname__"])

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"


@dataclass(frozen=True)
class Rule:
    """What is known of a derivative by one argument, or by all: each a function of the user's, called in its own way.

    vjp, jvp: reverse and forward.
    slope: the partial derivative of an elementwise function.
    vjp_by_number: the reverse rule of any argument, called with its number.
    """

    vjp: Function | None = None
    jvp: Function | None = None
    slope: Function | None = None
    vjp_by_number: Function | None = None


def zero_rule(*args: Any, **kwargs: Any) -> None:
    """The rule of an argument that the result does not vary with."""


def _numbered(rules: Sequence[Any], argnums: Sequence[int] | None) -> list[tuple[int, Any]]:
    numbers = range(len(rules)) if argnums is None else argnums
    if len(numbers) != len(rules):
        raise ArgumentError(
            f"{len(rules)} {'rule' if len(rules) == 1 else 'rules'} for {len(numbers)} arguments",
            fix="one rule for each number in argnums, None for an argument without a derivative",
        )
    return list(zip(numbers, rules, strict=True))


def _declared(args: Sequence[Node]) -> DType:
    return "complex" if any(arg.dtype == "complex" for arg in args) else "real"


def _is_varying(leaf: Any) -> bool:
    """Whether a leaf goes through the graph: traced values, floating arrays. A number keeps its type, an axis is 0."""
    return is_traced(leaf) or (isinstance(leaf, np.ndarray) and leaf.dtype.kind in "fc")


def _original(value: Any) -> Any:
    """The user's own function behind a rebuilt one, which would compute with traced arrays."""
    return getattr(value, "_symdiff_original", value)


def leaves_of_call(node: Call) -> list[Node]:
    """The leaves of the result."""
    return [make.part(node, position) for position in range(len(node.parts))] if node.parts else [node]
