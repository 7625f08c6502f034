"""Forms that lose accuracy or overflow, and what computes them well.

In: a Program. Out: the same function with these forms replaced, wherever they stand. The pass runs before
differentiation, so that derivatives are those of the stable operations, and again after it.

A form is seen after its parts have been replaced: `(exp(x) - 1)/(exp(x) + 1)` arrives as `expm1(x)/(1 + exp(x))`. The
tests compare every row with mpmath: never less accurate than the raw form, and finite wherever that is.
"""

from symdiff.algebra.patterns import Pattern, PatternTable
from symdiff.ir import make
from symdiff.ir.nodes import Const, Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rewrite
from symdiff.ops.elementary import LN2, bell, cos, cosh, exp, expm1, hypot, log, log1p, power, sin, sinh, sqrt, tanh
from symdiff.ops.piecewise import absolute, maximum
from symdiff.ops.special import erf, erfc
from symdiff.ops.stable import bose, csch, log1mexp, log_cosh, log_sigmoid, logaddexp, sech, sigmoid, softplus

_WIDE = (-700.0, 700.0)
_PLAIN = (-3.0, 3.0)
_BELOW_ZERO = (-40.0, -1e-9)
_ABOVE_ZERO = (1e-9, 40.0)
_MOST_SWEEPS = 8


def row(name: str, raw: object, better: object, *domain: tuple[float, float]) -> Pattern:
    """A row of the table below; by default its wildcards range over (-40, 40)."""
    assert callable(raw)
    assert callable(better)
    return Pattern(name=name, raw=raw, better=better, **({"domain": domain} if domain else {}))


FORMS = PatternTable(
    [
        # logarithms
        row("log(1 + e^x)", lambda x: log(1.0 + exp(x)), lambda x: softplus(x), _WIDE),
        row("log1p(e^x)", lambda x: log1p(exp(x)), lambda x: softplus(x), _WIDE),
        row("log(e^x + e^y)", lambda x, y: log(exp(x) + exp(y)), lambda x, y: logaddexp(x, y), _WIDE, _WIDE),
        row(
            "log(e^x + e^y + e^z)",
            lambda x, y, z: log(exp(x) + exp(y) + exp(z)),
            lambda x, y, z: logaddexp(logaddexp(x, y), z),
            _WIDE,
            _WIDE,
            _WIDE,
        ),
        row("log(e^x / y)", lambda x, y: log(exp(x) / y), lambda x, y: x - log(y), _WIDE, (1e-9, 9.0)),
        row("log(e^x)", lambda x: log(exp(x)), lambda x: x, _WIDE),
        row("e^(log x)", lambda x: exp(log(x)), lambda x: x, (1e-9, 9.0)),
        row("log sigmoid", lambda x: log(sigmoid(x)), lambda x: log_sigmoid(x), _WIDE),
        row("log(1 - e^x)", lambda x: log(-expm1(x)), lambda x: log1mexp(-x), _BELOW_ZERO),
        row("log1p(-e^x)", lambda x: log1p(-exp(x)), lambda x: log1mexp(-x), _BELOW_ZERO),
        row("log(1 + x)", lambda x: log(1.0 + x), lambda x: log1p(x), (-0.999, 9.0)),
        row("log(1 - x)", lambda x: log(1.0 - x), lambda x: log1p(-x), (-9.0, 0.999)),
        row("softplus(x) - x", lambda x: softplus(x) - x, lambda x: softplus(-x)),
        row("softplus by sides", lambda x: softplus(-absolute(x)) + maximum(x, 0.0), lambda x: softplus(x), _WIDE),
        row(
            "softplus by sides, less a",
            lambda x, a: (maximum(x, 0.0) - a) + softplus(-absolute(x)),
            lambda x, a: softplus(x) - a,
            _WIDE,
            _PLAIN,
        ),
        row("x - softplus(x)", lambda x: x - softplus(x), lambda x: log_sigmoid(x)),
        # logistic functions and tanh
        row("(e^x - 1)/(e^x + 1)", lambda x: expm1(x) / (1.0 + exp(x)), lambda x: tanh(0.5 * x), _WIDE),
        row("e^x/(1 + e^x)", lambda x: exp(x) / (1.0 + exp(x)), lambda x: sigmoid(x), _WIDE),
        row("1/(1 + e^x)", lambda x: 1.0 / (1.0 + exp(x)), lambda x: sigmoid(-x), _WIDE),
        row("e^x sigmoid(-x)", lambda x: exp(x) * sigmoid(-x), lambda x: sigmoid(x)),
        row("a e^x/(1 + e^x)", lambda a, x: a * exp(x) / (1.0 + exp(x)), lambda a, x: a * sigmoid(x), _PLAIN, _WIDE),
        row("a/(1 + e^x)", lambda a, x: a / (1.0 + exp(x)), lambda a, x: a * sigmoid(-x), _PLAIN, _WIDE),
        row("e^x/(1 + e^x)^2", lambda x: exp(x) / ((1.0 + exp(x)) * (1.0 + exp(x))), lambda x: bell(x), _WIDE),
        row("sigmoid(x) sigmoid(-x)", lambda x: sigmoid(x) * sigmoid(-x), lambda x: bell(x)),
        row("1 - sigmoid", lambda x: 1.0 - sigmoid(x), lambda x: sigmoid(-x)),
        row("tanh by exponentials", lambda x: (exp(x) - exp(-x)) / (exp(x) + exp(-x)), lambda x: tanh(x), _WIDE),
        row("sinh/cosh", lambda x: sinh(x) / cosh(x), lambda x: tanh(x), _WIDE),
        row("1 + tanh", lambda x: 1.0 + tanh(x), lambda x: 2.0 * sigmoid(2.0 * x)),
        row("1 - tanh", lambda x: 1.0 - tanh(x), lambda x: 2.0 * sigmoid(-2.0 * x)),
        row("1/2 + tanh/2", lambda x: 0.5 + 0.5 * tanh(x), lambda x: sigmoid(2.0 * x)),
        row("1/2 - tanh/2", lambda x: 0.5 - 0.5 * tanh(x), lambda x: sigmoid(-2.0 * x)),
        row("1 - tanh^2", lambda x: 1.0 - tanh(x) * tanh(x), lambda x: 4.0 * bell(2.0 * x)),
        # the Bose-Einstein distribution
        row("e^x/(e^x - 1)^2", lambda x: exp(x) / (expm1(x) * expm1(x)), lambda x: _square(0.5 * csch(0.5 * x))),
        row(
            "a e^x/(e^x - 1)^2",
            lambda a, x: a * exp(x) / (expm1(x) * expm1(x)),
            lambda a, x: a * _square(0.5 * csch(0.5 * x)),
            _PLAIN,
            _ABOVE_ZERO,
        ),
        row("e^x/(e^x - 1)", lambda x: exp(x) / expm1(x), lambda x: -bose(-x)),
        row("a e^x/(e^x - 1)", lambda a, x: a * exp(x) / expm1(x), lambda a, x: -(a * bose(-x)), _PLAIN, _ABOVE_ZERO),
        row("1/(e^x - 1)", lambda x: 1.0 / expm1(x), lambda x: bose(x)),
        row("a/(e^x - 1)", lambda a, x: a / expm1(x), lambda a, x: a * bose(x), _PLAIN, _ABOVE_ZERO),
        row("1/(a (e^x - 1))", lambda a, x: 1.0 / (a * expm1(x)), lambda a, x: bose(x) / a, _PLAIN, _ABOVE_ZERO),
        row(
            "a/(b (e^x - 1))",
            lambda a, b, x: a / (b * expm1(x)),
            lambda a, b, x: a * bose(x) / b,
            _PLAIN,
            _PLAIN,
            _ABOVE_ZERO,
        ),
        row("e^x bose(x)", lambda x: exp(x) * bose(x), lambda x: -bose(-x)),
        row("1 + bose(x)", lambda x: 1.0 + bose(x), lambda x: -bose(-x)),
        # exponentials and hyperbolic functions
        row("log cosh", lambda x: log(cosh(x)), lambda x: log_cosh(x)),
        row("log sinh", lambda x: log(sinh(x)), lambda x: (x - LN2) + log1mexp(2.0 * x), _ABOVE_ZERO),
        row("cosh/sinh", lambda x: cosh(x) / sinh(x), lambda x: 1.0 / tanh(x), _WIDE),
        row("1/cosh", lambda x: 1.0 / cosh(x), lambda x: sech(x), _WIDE),
        row("a/cosh", lambda a, x: a / cosh(x), lambda a, x: a * sech(x), _PLAIN, _WIDE),
        row("1/cosh^2", lambda x: 1.0 / (cosh(x) * cosh(x)), lambda x: 4.0 * bell(2.0 * x), _WIDE),
        row("a/cosh^2", lambda a, x: a / (cosh(x) * cosh(x)), lambda a, x: 4.0 * a * bell(2.0 * x), _PLAIN, _WIDE),
        row("1/sinh", lambda x: 1.0 / sinh(x), lambda x: csch(x), _WIDE),
        row("a/sinh", lambda a, x: a / sinh(x), lambda a, x: a * csch(x), _PLAIN, _WIDE),
        row("1/sinh^2", lambda x: 1.0 / (sinh(x) * sinh(x)), lambda x: _square(csch(x)), _WIDE),
        row("a/sinh^2", lambda a, x: a / (sinh(x) * sinh(x)), lambda a, x: a * _square(csch(x)), _PLAIN, _WIDE),
        row("e^x - 1", lambda x: exp(x) - 1.0, lambda x: expm1(x)),
        row("1 - e^x", lambda x: 1.0 - exp(x), lambda x: -expm1(x)),
        row("sinh by exponentials", lambda x: 0.5 * (exp(x) - exp(-x)), lambda x: sinh(x), _WIDE),
        row("cosh by exponentials", lambda x: 0.5 * (exp(x) + exp(-x)), lambda x: cosh(x), _WIDE),
        row("cosh^2 - sinh^2", lambda x: cosh(x) * cosh(x) - sinh(x) * sinh(x), lambda x: make.constant(1.0)),
        # the error function
        row("1 - erf", lambda x: 1.0 - erf(x), lambda x: erfc(x), (-9.0, 9.0)),
        row("1 + erf", lambda x: 1.0 + erf(x), lambda x: erfc(-x), (-9.0, 9.0)),
        row("1/2 + erf/2", lambda x: 0.5 + 0.5 * erf(x), lambda x: 0.5 * erfc(-x), (-9.0, 9.0)),
        row("1/2 - erf/2", lambda x: 0.5 - 0.5 * erf(x), lambda x: 0.5 * erfc(x), (-9.0, 9.0)),
        row("1 - erfc", lambda x: 1.0 - erfc(x), lambda x: erf(x), (-9.0, 9.0)),
        # angles
        row("1 - cos", lambda x: 1.0 - cos(x), lambda x: _twice_square(sin(0.5 * x))),
        row("cos - 1", lambda x: cos(x) - 1.0, lambda x: -_twice_square(sin(0.5 * x))),
        row("sin^2 + cos^2", lambda x: sin(x) * sin(x) + cos(x) * cos(x), lambda x: make.constant(1.0)),
        row("1 - sin^2", lambda x: 1.0 - sin(x) * sin(x), lambda x: cos(x) * cos(x)),
        row("1 - cos^2", lambda x: 1.0 - cos(x) * cos(x), lambda x: sin(x) * sin(x)),
        # roots and powers
        row("(x^2)^p", lambda x, p: power(x * x, p), lambda x, p: _power_of_square(x, p), _PLAIN, _PLAIN),
        row("sqrt(x^2)", lambda x: sqrt(x * x), lambda x: absolute(x), _PLAIN),
        row("sqrt(x^2 + y^2)", lambda x, y: sqrt(x * x + y * y), lambda x, y: hypot(x, y), _PLAIN, _PLAIN),
        row("sqrt(1 + x) - 1", lambda x: sqrt(1.0 + x) - 1.0, lambda x: x / (sqrt(1.0 + x) + 1.0), (-0.99, 9.0)),
        row("1 - sqrt(1 + x)", lambda x: 1.0 - sqrt(1.0 + x), lambda x: -x / (sqrt(1.0 + x) + 1.0), (-0.99, 9.0)),
        row("1 - sqrt(1 - x)", lambda x: 1.0 - sqrt(1.0 - x), lambda x: x / (1.0 + sqrt(1.0 - x)), (-9.0, 0.99)),
        row("sqrt(1 - x) - 1", lambda x: sqrt(1.0 - x) - 1.0, lambda x: -x / (1.0 + sqrt(1.0 - x)), (-9.0, 0.99)),
    ]
)


def stabilise(program: Program) -> Program:
    """The program with every form of the table replaced by the operation that computes it well.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ir.program import Parameter
    >>> x = Input("x")
    >>> stabilise(Program("f", (Parameter("x"),), (x,), (log(1.0 + exp(x)),))).outputs[0] is softplus(x)
    True
    """
    for _ in range(_MOST_SWEEPS):
        swept = rewrite(program, better_form)
        if swept.outputs == program.outputs:
            break
        program = swept
    return program


def better_form(node: Node) -> Node | None:
    """What is to stand in the place of the node, in its shape; None where no form of the table matches."""
    better = FORMS.replacement(node)
    return None if better is None else make.broadcast(better, node.shape)


def _power_of_square(x: Node, exponent: Node) -> Node | None:
    """|x|^2p, which has derivatives at 0 for as long as the power has; whole exponents are products, and stay."""
    if isinstance(exponent, Const) and not exponent.shape and exponent.value % 1 == 0:
        return None
    return make.lift(power(absolute(x), 2.0 * exponent))


def _square(value: Node) -> Node:
    return value * value


def _twice_square(half: Node) -> Node:
    return 2.0 * (half * half)
