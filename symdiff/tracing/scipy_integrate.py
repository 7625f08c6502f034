"""scipy.integrate: what its functions do to tracers.

In: the user's slope function, initial state and times. Out: an Ode node, whose slope was traced once, for a state and a
time that stand for all.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff.errors import OutputError, ShapeError
from symdiff.ir import make
from symdiff.ir.lengths import is_static
from symdiff.ir.loops import closed_over
from symdiff.ir.make_ode import ode, slope_of
from symdiff.ir.nodes import Const, Input, Node, ambient
from symdiff.tracing.calls import unsupported
from symdiff.tracing.forking import current_session, refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.rules import rule
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import has_tracer, is_numeric, is_traced, to_node


@rule("scipy.integrate.odeint", calls_back=True)
def _odeint(
    func: Callable[..., Any],
    y0: Any,
    t: Any,
    args: Any = (),
    Dfun: Any = None,  # noqa: N803 (SciPy's name)
    col_deriv: bool = False,
    full_output: bool = False,
    ml: Any = None,
    mu: Any = None,
    rtol: Any = None,
    atol: Any = None,
    tcrit: Any = None,
    h0: Any = 0.0,
    hmax: Any = 0.0,
    hmin: Any = 0.0,
    ixpr: bool = False,
    mxstep: Any = 0,
    mxhnil: Any = 0,
    mxordn: Any = 12,
    mxords: Any = 5,
    printmessg: bool = False,
    tfirst: bool = False,
) -> Node:
    """The Jacobian and how it is stored change how the states are found, not the states; they are not used."""
    if full_output:
        refuse(unsupported("`full_output=` of scipy.integrate.odeint", "leave it out: the states are returned"))
    if tcrit is not None:
        refuse(unsupported("`tcrit=` of scipy.integrate.odeint", "integrate from one critical time to the next"))
    initial, times = _array(y0), _array(t)
    initial = make.reshape(initial, (1,)) if not initial.ndim else initial
    if initial.ndim != 1 or times.ndim != 1 or not is_static(initial.shape):
        raise ShapeError(
            f"odeint is called with an initial state of shape {initial.shape} and times of shape {times.shape}",
            origin=user_origin(),
            why="It takes a vector of known length and a vector of times.",
            fix="odeint(f, y0.ravel(), t) for a matrix, with y.reshape(2, 2) inside f; or state its length",
        )
    first, second = _parameters(func)
    state, time = Input(second if tfirst else first, initial.shape), Input(first if tfirst else second)
    slope = _slope(func, (time, state) if tfirst else (state, time), args, initial)
    (slope,), captured, outer = closed_over([state, time], [slope], lambda node: True)
    if any(node.dtype == "complex" or not is_static(node.shape) for node in outer):
        refuse(
            unsupported(
                "a slope of complex numbers or open lengths in scipy.integrate.odeint",
                "real and imaginary part as two states; numbers for the lengths in shapes",
            )
        )
    given = {"rtol": rtol, "atol": atol, "h0": h0, "hmax": hmax, "hmin": hmin}
    given |= {"mxstep": mxstep, "mxhnil": mxhnil, "mxordn": mxordn, "mxords": mxords}
    options = tuple((name, _number(name, value)) for name, value in given.items() if value != _DEFAULTS.get(name))
    if isinstance(initial, Const) and isinstance(times, Const) and not outer:
        return make.lift(_constant(func, args, initial, times, {**dict(options), "tfirst": tfirst}))
    session, origin = current_session(), user_origin()
    assert session is not None
    assert origin is not None
    body = session.same_body(origin, slope_of(state, time, captured, slope))
    ambient.origin = origin  # the slope has lines of its own
    return ode(body, [initial, times, *outer], options)


_DEFAULTS = {"rtol": None, "atol": None, "mxordn": 12, "mxords": 5, "h0": 0.0, "hmax": 0.0, "hmin": 0.0}
_DEFAULTS |= {"mxstep": 0, "mxhnil": 0}


def _array(value: Any) -> Node:
    """Numbers as a constant, whatever they are listed in."""
    if is_traced(value) or has_tracer(value):
        return make.as_real(to_node(value))
    return make.lift(np.atleast_1d(np.asarray(value, dtype=complex if np.iscomplexobj(value) else float)))


def _parameters(func: Callable[..., Any]) -> tuple[str, str]:
    """What the user calls state and time, in their order."""
    code = getattr(func, "__code__", None)
    names: tuple[str, ...] = code.co_varnames[: code.co_argcount] if code is not None else ()
    return (names[0], names[1]) if len(names) > 1 else ("y", "t")


def _slope(func: Callable[..., Any], own: tuple[Input, Input], args: Any, initial: Node) -> Node:
    """The slope as a vector, in terms of its own Inputs and of nodes from outside."""
    session, origin = current_session(), user_origin()
    assert session is not None
    assert origin is not None
    knowledge = session.knowledge
    session.start_round(origin, may_unroll=False)
    session.knowledge = knowledge.copy()
    try:
        value = func(*map(wrap, own), *(args if isinstance(args, tuple) else (args,)))
    finally:
        session.knowledge = knowledge
        session.end_round()
    leaves = value if isinstance(value, list | tuple) else [value]
    if not all(map(is_numeric, leaves)):
        what = "nothing" if value is None else f"a {type(value).__name__}"
        raise OutputError(
            f"the slope that odeint is called with returns {what}",
            origin=origin,
            why="It is called with the state and the time, and returns dy/dt: as many numbers as the state has.",
            fix="return np.array([dy0, dy1]), or a list of numbers",
        )
    slope = make.as_real(to_node(value))
    slope = make.reshape(slope, (1,)) if initial.shape == (1,) and not slope.ndim else slope
    if slope.shape != initial.shape:
        raise ShapeError(
            f"the slope that odeint is called with has shape {slope.shape}, the state {initial.shape}",
            origin=origin,
            why="dy/dt has as many elements as y.",
            fix="return np.array([dy0, dy1]), one slope for each element of the state",
        )
    return slope


def _constant(func: Callable[..., Any], args: Any, initial: Const, times: Const, options: dict[str, Any]) -> Any:
    """The states as SciPy finds them."""
    from scipy.integrate import odeint

    def slope(*own: Any) -> Any:
        node = to_node(func(*own, *(args if isinstance(args, tuple) else (args,))))
        assert isinstance(node, Const)
        return node.value

    return odeint(slope, initial.value, times.value, **options)


def _number(name: str, value: Any) -> float:
    node = to_node(value)
    if not isinstance(node, Const) or node.shape:
        refuse(unsupported(f"`{name}=` of scipy.integrate.odeint that is no plain number", f"{name}=1e-10"))
    return int(node.value) if name.startswith("mx") else float(node.value)
