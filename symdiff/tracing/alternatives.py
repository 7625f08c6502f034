"""What to write in place of functions that have no rule.

In: the name of a function, as the user knows it. Out: the text after `fix:`.
"""

_SYMMETRIC = "np.linalg.eigh(A) for a symmetric matrix: other eigenvalues are complex"
_WHICH = "np.where(condition, a, b), with both sides; how many elements fulfil a condition depends on the arguments"
_DISTINCT = "make the argument static, or np.sort(x): how many values differ depends on the arguments"
_BINS = "np.sum((edges[i] <= x) & (x < edges[i + 1]))"
_IMPLICIT = "a primitive with the derivative of the implicit function, sd.primitive(f); or Newton's steps in a loop"
_PIECES = "np.interp; or the pieces' coefficients: np.polyval(c[:, k], x - xs[k]), with k from np.searchsorted(xs, x)"
_PIVOTS = "scipy.linalg.solve(A, b): the order of pivots has no derivative"

INSTEAD: dict[str, str] = {
    "math.factorial": "math.gamma(x + 1)",
    "math.comb": "write it with math.lgamma, or make the arguments static",
    "math.perm": "write it with math.lgamma, or make the arguments static",
    "math.gcd": "make the arguments static",
    "math.isqrt": "math.floor(math.sqrt(x))",
    "math.frexp": "math.floor(math.log2(abs(x)))",
    "math.nextafter": "make the arguments static",
    "numpy.argwhere": _WHICH,
    **dict.fromkeys(
        ("numpy.unique", "numpy.unique_values", "numpy.union1d", "numpy.intersect1d", "numpy.setdiff1d"), _DISTINCT
    ),
    "numpy.trim_zeros": _WHICH,
    **dict.fromkeys(("numpy.histogram", "numpy.histogram2d", "numpy.histogramdd"), _BINS),
    "numpy.lexsort": "np.argsort(x) of one key",
    "numpy.roots": "write out the solution; the roots of a polynomial may be complex",
    "numpy.polyfit": "np.linalg.lstsq(np.vander(x, degree + 1), y)[0]",
    "numpy.unwrap": "x - 2.0 * np.pi * np.round(x / (2.0 * np.pi)), which is constant in pieces",
    "numpy.nanquantile": "np.quantile(x, q), without nan",
    "numpy.nanpercentile": "np.percentile(x, q), without nan",
    "scipy.linalg.eig": "np.linalg.eig(A)",
    "scipy.linalg.eigvals": "np.linalg.eigvals(A)",
    "scipy.linalg.schur": _SYMMETRIC,
    "scipy.linalg.lu": _PIVOTS,
    "scipy.linalg.lu_factor": _PIVOTS,
    "scipy.linalg.lu_solve": _PIVOTS,
    "scipy.linalg.funm": "scipy.linalg.expm, logm or sqrtm; of a symmetric matrix, a function of np.linalg.eigh(A)",
    "scipy.linalg.null_space": "np.linalg.svd(A): a basis of the null space has no derivative",
    "scipy.linalg.orth": "np.linalg.qr(A)",
    "scipy.integrate.solve_ivp": "a loop with a fixed number of Runge-Kutta steps; each step is traced",
    "scipy.optimize": _IMPLICIT,
    "scipy.interpolate": _PIECES,
    "scipy.integrate.quad": "a Gauss-Legendre sum: np.sum(weights * f(nodes)), from np.polynomial.legendre.leggauss(n)",
}

# Methods of arrays that change them in ways of their own.
CHANGING: dict[str, str] = {
    "partition": "y = np.partition(y, k)",
    "resize": "y = np.resize(y, shape)",
    "setflags": "y = y.copy(), which may be written to",
    "setfield": "y[key] = value",
    "byteswap": "y = y.byteswap() outside of the function",
}


def instead_of(name: str) -> str:
    """The text for a function by its dotted name, or for its module; empty where there is none."""
    return INSTEAD.get(name) or INSTEAD.get(name.rpartition(".")[0], "")
