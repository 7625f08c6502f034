"""Covered: choices, tables, and a few elementwise functions of which autograd has a rule of its own."""

from tests.tracing.coverage import MATRIX, VECTOR, alone, covers

PAIR = ((3, 4), (3, 4))
LINE = ((3, 4), (4,))

for function in (
    *("sin", "cos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "exp", "exp2", "expm1", "square", "negative"),
    *("abs", "absolute", "fabs", "sinc", "deg2rad", "rad2deg", "degrees", "radians", "nan_to_num"),
):
    covers(f"numpy.{function}", MATRIX, lambda np, x, f=function: getattr(np, f)(x))
covers("numpy.tan", MATRIX, lambda np, x: np.tan(x), low=-1.2, high=1.2)
for function in ("log", "log2", "log10", "log1p", "sqrt", "reciprocal"):
    covers(f"numpy.{function}", MATRIX, lambda np, x, f=function: getattr(np, f)(x), low=0.2)
for function in ("arcsin", "arccos", "arctanh"):
    covers(f"numpy.{function}", MATRIX, lambda np, x, f=function: getattr(np, f)(x), low=-0.8, high=0.8)
covers("numpy.arccosh", MATRIX, lambda np, x: np.arccosh(x), low=1.2, high=3.0)
for function in (
    *("add", "subtract", "multiply", "divide", "true_divide", "maximum", "minimum", "fmax", "fmin", "logaddexp"),
    *("logaddexp2", "arctan2", "hypot"),
):
    form = lambda np, x, y, f=function: getattr(np, f)(x, y)  # noqa: E731 (two entries share it)
    covers(f"numpy.{function}", PAIR, form, low=0.2)
    covers(f"numpy.{function}", LINE, form, low=0.2)
covers("numpy.power", PAIR, lambda np, x, y: np.power(x, y), lambda np, x, y: x**y, low=0.2)
covers("numpy.mod", PAIR, lambda np, x, y: np.mod(x, y), lambda np, x, y: x % y, low=0.2)
covers("numpy.remainder", LINE, lambda np, x, y: np.remainder(x, y), low=0.2)
for function in ("floor", "ceil", "round", "rint", "trunc", "fix", "sign"):
    covers(f"numpy.{function}", MATRIX, lambda np, x, f=function: getattr(np, f)(x) * x, in_autograd=False)

covers("numpy.where", PAIR, lambda np, x, y: np.where(x > y, x * y, y), lambda np, x, y: np.where(x > 0, x, 1.0))
alone("numpy.where", LINE, lambda np, x, y: np.where(x > y, x, y))
covers("numpy.clip", MATRIX, lambda np, x: np.clip(x, -0.5, 0.8))
alone("numpy.clip", LINE, lambda np, x, y: np.clip(x, None, y), lambda np, x, y: x.clip(y, 2.0))
covers("numpy.select", PAIR, lambda np, x, y: np.select([x > 1.0, y > 0.0], [x * y, y**2], default=0.5))
alone(
    "numpy.piecewise",
    VECTOR,
    lambda np, x: np.piecewise(x, [x < 0.0, x >= 1.0], [lambda v: v**2, lambda v: -v, 0.25]),
)
covers("numpy.real", MATRIX, lambda np, x: np.real(x) * x, in_autograd=True)
alone(
    "numpy.interp",
    ((6,), (4,), (4,)),
    lambda np, x, h, y: np.interp(x, np.cumsum(h), y),
    lambda np, x, h, y: np.interp(x, [0.5, 1.0, 1.5, 2.5], y, left=-1.0, right=y[0] ** 2),
    lambda np, x, h, y: np.interp(x, [0.1, 0.4, 0.8, 1.1], y, period=1.3),
    lambda np, x, h, y: np.interp(x[0], np.cumsum(h), y),
    low=0.2,
)
alone("numpy.heaviside", MATRIX, lambda np, x: np.heaviside(x, 0.5) * x)
