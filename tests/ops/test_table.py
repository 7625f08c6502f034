"""The table as a whole: names, aliases, SymPy forms, refusals, and what importing it costs."""

import importlib
import math
import subprocess
import sys
import warnings
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

from symdiff.algebra.sympy_reader import from_sympy
from symdiff.errors import UnsupportedError
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ops import composites, elementary, special
from symdiff.ops.row import ATOM, Op, Refused, Spelling, call, expression, row
from symdiff.ops.scipy_bessel import jv
from symdiff.ops.table import OPS, SYMPY_HEADS, TRACES
from tests.ops import accuracy

# The functions that issue and guide promise, by the names users import them under.
PROMISED = {
    "operator": """
        add sub mul truediv floordiv mod pow neg pos abs lt le gt ge eq ne
    """,
    "builtins": """
        abs round divmod int
    """,
    "math": """
        sqrt cbrt hypot exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 degrees radians
        sinh cosh tanh asinh acosh atanh erf erfc gamma lgamma floor ceil trunc fmod copysign fabs isnan
        isinf isfinite pow ldexp modf
    """,
    "numpy": """
        add subtract multiply divide true_divide floor_divide mod remainder power pow float_power negative
        positive abs absolute fabs sqrt cbrt hypot square reciprocal exp exp2 expm1 log log2 log10 log1p sin
        cos tan arcsin asin arccos acos arctan atan arctan2 atan2 degrees rad2deg radians deg2rad sinh cosh
        tanh arcsinh asinh arccosh acosh arctanh atanh sinc maximum minimum fmax fmin clip sign floor ceil
        round rint trunc fix fmod copysign heaviside where less less_equal greater greater_equal equal
        not_equal logaddexp logaddexp2 isnan isinf isfinite logical_and logical_or logical_not logical_xor
        divmod modf signbit
    """,
    "scipy.special": """
        erf erfc gamma gammaln digamma psi polygamma expit logit log_expit xlogy xlog1py jv yv iv kv j0 j1
        y0 y1 i0 i1 i0e airy ellipk ellipe zeta hyp2f1 hyp1f1 gammainc gammaincc beta betaln ndtr log_ndtr
        ndtri erfinv erfcx exprel wofz spence sici expi exp1 struve poch binom
    """,
}


def test_every_promised_name_traces() -> None:
    promised = {f"{module}.{name}" for module, names in PROMISED.items() for name in names.split()}
    assert promised <= set(TRACES)


@pytest.mark.parametrize("name", sorted(TRACES))
def test_a_traced_name_is_a_function_with_the_row_s_values(name: str) -> None:
    module, _, function = name.rpartition(".")
    if module.startswith("scipy"):
        pytest.importorskip("scipy")
    original = getattr(importlib.import_module(module), function, None)
    if original is None:
        assert name in ("math.fma", "scipy.special.softplus"), "only the newest Python and SciPy have these"
        return
    target = TRACES[name]
    if not isinstance(target, Op) or name == "builtins.int":
        return
    if target.operands != "real":
        point = (True,) * target.arity
    else:
        point = tuple(np.float64(low + 0.3 * (high - low)) for low, high in target.domain)
    if name in ("scipy.special.kn", "scipy.special.yn"):
        point = (2, point[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # users call `np.fix` for as long as NumPy has it
        expected = original(*point)
    np.testing.assert_allclose(target(*point), expected, rtol=1e-12)


def test_names_are_keys_and_arities_fit() -> None:
    for name, op in OPS.items():
        assert name == op.name
        assert len(op.partials) == op.arity == len(op.domain) or op.operands != "real", name
        for backend in accuracy.BACKENDS:
            spelling = op.spelling(backend)
            if spelling is not None:
                assert spelling.text.format(*(f"a{i}" for i in range(op.arity))), name


def test_the_table_imports_neither_sympy_nor_mpmath_nor_scipy() -> None:
    code = "import sys, symdiff.ops.table; print(*{'sympy', 'mpmath', 'scipy', 'numexpr'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


@pytest.mark.parametrize("op", accuracy.measured_rows(), ids=lambda op: op.name)
def test_the_sympy_form_has_the_value(op: Op) -> None:
    symbols = sympy.symbols(f"x0:{op.arity}", real=True)
    form = op.in_sympy(sympy, *symbols)
    for point in accuracy.points(op, 2, seed=3):
        with mpmath.workdps(30):
            exact = op.in_mpmath(mpmath, *map(mpmath.mpf, point))
            substituted = form.subs({s: sympy.Float(x, 40) for s, x in zip(symbols, point, strict=True)})
            assert mpmath.almosteq(mpmath.mpmathify(sympy.N(substituted, 30)), exact, rel_eps=1e-20), point


def test_sympy_heads_lead_back_to_their_rows() -> None:
    plain = [op for op in OPS.values() if isinstance(op.sympy, str)]
    assert len({(op.sympy, op.arity) for op in plain}) == len(plain), "two rows share a head"
    for head, _ in SYMPY_HEADS:
        assert hasattr(sympy, head), head
    assert SYMPY_HEADS["sin", 1] is elementary.sin
    assert SYMPY_HEADS["polygamma", 2](3, 1.5) == special.polygamma(3)(1.5)


@pytest.mark.parametrize(
    ("expression", "point"),
    [("sinc(x)", 0.7), ("polylog(2, x)", 0.3), ("lowergamma(1.5, x)", 0.7), ("uppergamma(1.5, x)", 0.7),
     ("polygamma(2, x)", 0.7), ("elliptic_e(x, 0.5)", 0.7), ("elliptic_e(x)", 0.7), ("digamma(x)", 0.7)],
)  # fmt: skip
def test_sympy_composites(expression: str, point: float) -> None:
    pytest.importorskip("scipy")
    symbol, x = sympy.Symbol("x"), Input("x")
    form = sympy.sympify(expression)
    program = Program("f", (Parameter("x"),), (x,), (from_sympy(form, {symbol: x}),))
    assert float(evaluate(program, point)) == pytest.approx(float(form.subs(symbol, point)), rel=1e-14)


def test_a_partial_without_a_closed_form_is_refused_by_name() -> None:
    v, x = Input("v"), Input("x")
    program = Program("f", (Parameter("v"), Parameter("x")), (v, x), (jv(v, x),))
    assert accuracy.derivatives.gradient(program, ["x"])
    with pytest.raises(UnsupportedError, match=r"scipy\.special\.jv with respect to the order v"):
        accuracy.derivatives.gradient(program, ["v"])
    refused = {op.name for op in OPS.values() if any(isinstance(partial, Refused) for partial in op.partials)}
    assert {"zeta", "hyp2f1", "gammainc", "betainc"} <= refused


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ndtr", (0.7,)), ("rel_entr", (0.3, 0.6)), ("rel_entr", (0.0, 0.6)), ("rel_entr", (-1.0, 0.6)),
        ("kl_div", (0.3, 0.6)), ("huber", (1.0, 0.5)), ("huber", (1.0, -2.5)),
        ("boxcox", (2.0, 0.0)), ("boxcox", (2.0, 0.7)),
        ("entr", (0.4,)), ("zeta", (2.5,)), ("zeta", (2.5, 0.5)), ("airy", (-0.7,)), ("sici", (0.7,)),
        ("shichi", (0.7,)),
        ("fresnel", (0.7,)), ("polygamma", (2, 0.7)), ("polygamma", (0, 0.7)), ("exp10", (0.7,)),
    ],
)  # fmt: skip
def test_scipy_composites(name: str, arguments: tuple[float, ...]) -> None:
    scipy_special = pytest.importorskip("scipy.special")
    with np.errstate(invalid="ignore"):
        traced = TRACES[f"scipy.special.{name}"](*arguments)
    np.testing.assert_allclose(traced, getattr(scipy_special, name)(*arguments), rtol=1e-14)


def test_spellings() -> None:
    assert expression("(1.0 - {0}) * (1.0 + {0})", 9).repeated == {0}
    assert call("np.hypot", 2).repeated == frozenset()
    assert expression("{0} + {1}", 8).operand(1) == ATOM
    assert OPS["one_minus_square"].numpy.repeated == {0}
    assert Spelling("x").operand(3) == 0


def test_families_are_one_row_an_order() -> None:
    assert special.polygamma(3) is special.polygamma(3)
    assert special.polygamma(0) is special.digamma
    assert special.sinc_derivative(4).name == "sinc_derivative_4"
    assert composites.round_digits(-2).name == "round_minus_2"
    assert math.isclose(special.polygamma(5)(1.5), float(mpmath.polygamma(5, 1.5)), rel_tol=1e-14)


def test_a_series_that_does_not_converge_has_no_value() -> None:
    def endless(mp: Any, x: Any) -> Any:
        raise mp.mp.NoConvergence("converges too slowly")

    never = row(
        "never", None, rule="none", numpy="exp", math="exp", numexpr="exp", mpmath=endless, domain=((1.0, 2.0),)
    )
    with pytest.raises(ArithmeticError, match=r"never has no value in mpmath at \(mpf\('1.0'\),\)"):
        never.in_mpmath(mpmath, mpmath.mpf(1))
