"""What to write in place of functions that have no rule.

In: the name of a function, as the user knows it. Out: the text after `fix:`.
"""

_SYMMETRIC = "np.linalg.eigh(A) for a symmetric matrix: other eigenvalues are complex"
_PIVOTS = "scipy.linalg.solve(A, b): the order of pivots has no derivative"
_SEARCH = "choose between values with np.where or np.max: a position has no derivative"

INSTEAD: dict[str, str] = {
    "math.factorial": "math.gamma(x + 1)",
    "math.comb": "write it with math.lgamma, or make the arguments static",
    "math.perm": "write it with math.lgamma, or make the arguments static",
    "math.gcd": "make the arguments static",
    "math.isqrt": "math.floor(math.sqrt(x))",
    "math.frexp": "math.floor(math.log2(abs(x)))",
    "math.nextafter": "make the arguments static",
    "numpy.argmax": _SEARCH,
    "numpy.argmin": _SEARCH,
    "numpy.argsort": "np.sort(x), which gives the values",
    "numpy.nonzero": "np.where(condition, a, b), with both sides",
    "numpy.searchsorted": "np.sum(table <= x) counts the smaller ones",
    "numpy.unique": "make the argument static",
    "numpy.interp": "np.piecewise(x, [x < x1, …], [line0, …]), or np.where(x < x1, line0, line1)",
    "numpy.histogram": "np.sum((edges[i] <= x) & (x < edges[i + 1]))",
    "numpy.convolve": "sum slices: a[0] * x[1:] + a[1] * x[:-1]",
    "numpy.gradient": "np.diff(x), or differences of slices",
    "numpy.nansum": "np.sum(np.where(np.isnan(x), 0.0, x))",
    "numpy.nanmean": "np.sum(np.where(np.isnan(x), 0.0, x)) / np.sum(~np.isnan(x))",
    "numpy.linalg.eig": _SYMMETRIC,
    "numpy.linalg.eigvals": _SYMMETRIC,
    "scipy.linalg.eig": _SYMMETRIC,
    "scipy.linalg.eigvals": _SYMMETRIC,
    "scipy.linalg.schur": _SYMMETRIC,
    "scipy.linalg.lu": _PIVOTS,
    "scipy.linalg.lu_factor": _PIVOTS,
    "scipy.linalg.lu_solve": _PIVOTS,
    "scipy.linalg.funm": "scipy.linalg.expm, logm or sqrtm; of a symmetric matrix, a function of np.linalg.eigh(A)",
    "scipy.linalg.null_space": "np.linalg.svd(A): a basis of the null space has no derivative",
    "scipy.linalg.orth": "np.linalg.qr(A)",
    "numpy.put": "y[i] = value, on an array that the function made itself",
    "numpy.copyto": "y[:] = values, on an array that the function made itself",
}
