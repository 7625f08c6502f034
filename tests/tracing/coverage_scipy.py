"""Covered: SciPy's distributions, convolutions and sums of exponentials."""

import numpy

from tests.tracing.coverage import CUBE, MATRIX, alone, covers

LINE = ((4,), (4,), (4,))
SHAPE = ((4,), (4,))
_MEAN = numpy.zeros(3)
_COUNTS = numpy.array([0, 1, 3, 7])


def _density(family, arrays, method, in_autograd, **options):
    covers(
        f"scipy.stats.{family}.{method}",
        arrays,
        lambda stats, x, *rest: getattr(getattr(stats, family), method)(x, *rest),
        package="scipy.stats",
        in_autograd=in_autograd,
        **options,
    )


for method in ("logpdf", "pdf", "cdf", "logcdf", "sf", "logsf"):
    _density("norm", LINE, method, method != "sf", low=0.4)
for method in ("logpdf", "pdf"):
    _density("t", ((4,), (4,), (4,), (4,)), method, True, low=0.4)
    _density("gamma", SHAPE, method, True, low=0.4)
    _density("beta", ((4,), (4,), (4,)), method, True, low=0.2, high=0.8)
    _density("chi2", SHAPE, method, False, low=0.4)
    alone(
        f"scipy.stats.chi2.{method}",
        ((4,),),
        lambda stats, x, f=method: getattr(stats.chi2, f)(x, 2.5),
        package="scipy.stats",
        low=0.2,
    )
    _density("expon", ((4,),), method, False, low=0.4)
    _density("lognorm", SHAPE, method, False, low=0.4)
    _density("laplace", LINE, method, False, low=0.4)
    _density("logistic", LINE, method, False, low=0.4)
    _density("cauchy", LINE, method, False, low=0.4)
for family in ("expon", "laplace", "logistic", "cauchy"):
    _density(family, LINE, "cdf", False, low=0.4)
alone("scipy.stats.t.cdf", ((6,),), lambda stats, x: stats.t.cdf(x, 2.5), package="scipy.stats", low=-4.0, high=4.0)
covers("scipy.stats.gamma.cdf", ((6,),), lambda stats, x: stats.gamma.cdf(x, 2.5), package="scipy.stats", low=0.1)
covers("scipy.stats.beta.cdf", ((6,),), lambda s, x: s.beta.cdf(x, 2.5, 1.5), package="scipy.stats", low=0.1, high=0.9)
covers("scipy.stats.chi2.cdf", ((6,),), lambda stats, x: stats.chi2.cdf(x, 2.5), package="scipy.stats", low=0.1)
for method in ("logpmf", "pmf"):
    covers(
        f"scipy.stats.poisson.{method}",
        ((4,),),
        lambda stats, mu, m=method: getattr(stats.poisson, m)(_COUNTS, mu),
        package="scipy.stats",
        low=0.4,
    )
alone(
    "scipy.stats.poisson.cdf",
    ((4,),),
    lambda stats, mu: stats.poisson.cdf(_COUNTS, mu),
    package="scipy.stats",
    low=0.4,
)
alone(
    "scipy.stats frozen",
    ((4,), ()),
    lambda stats, x, s: stats.norm(loc=0.5, scale=s).logpdf(x),
    lambda stats, x, s: stats.norm.logpdf(x, scale=s),
    lambda stats, x, s: stats.gamma(s, loc=-3.0).pdf(x),
    lambda stats, x, s: stats.expon.pdf(x) * x,
    package="scipy.stats",
    low=0.3,
)


def _definite(root):
    """A covariance matrix made of a square root."""
    return root @ root.T + 2.0 * numpy.eye(3)


for method in ("logpdf", "pdf"):
    covers(
        f"scipy.stats.multivariate_normal.{method}",
        ((5, 3), (3,), (3, 3)),
        lambda stats, x, m, a, f=method: getattr(stats.multivariate_normal, f)(x, m, _definite(a)),
        package="scipy.stats",
    )
    alone(
        f"scipy.stats.multivariate_normal.{method}",
        ((3,), (3,)),
        lambda stats, x, m, f=method: getattr(stats.multivariate_normal, f)(x, m, 2.0),
        lambda stats, x, m, f=method: getattr(stats.multivariate_normal, f)(x, m, m**2 + 0.3),
        lambda stats, x, m, f=method: getattr(stats.multivariate_normal, f)(x * m),
        package="scipy.stats",
    )
    alone(
        f"scipy.stats.multivariate_normal.{method}",
        ((2,), (4, 2)),
        lambda stats, x, a, f=method: getattr(stats.multivariate_normal, f)(a @ x, a[:, 0], a @ a.T, True),
        package="scipy.stats",
    )
    covers(
        f"scipy.stats.dirichlet.{method}",
        ((3,), (3,)),
        lambda stats, x, a, f=method: getattr(stats.dirichlet, f)(x / (x[0] + x[1] + x[2]), a),
        package="scipy.stats",
        low=0.4,
        in_autograd=False,
    )
covers(
    "scipy.stats.multivariate_normal.entropy",
    ((3, 3),),
    lambda stats, a: stats.multivariate_normal.entropy(_MEAN, _definite(a)),
    package="scipy.stats",
)
for mode in ("full", "same", "valid"):
    alone(
        "scipy.signal.convolve",
        ((4, 5), (2, 3)),
        lambda signal, x, y, mode=mode: signal.convolve(x, y, mode=mode, method="direct"),
        package="scipy.signal",
    )
    alone(
        "scipy.signal.correlate",
        ((4, 5), (2, 3)),
        lambda signal, x, y, mode=mode: signal.correlate(x, y, mode=mode, method="direct"),
        package="scipy.signal",
    )
for axis in (None, 0, -1, (0, 2)):
    covers(
        "scipy.special.logsumexp",
        CUBE,
        lambda special, x, axis=axis: special.logsumexp(x, axis=axis),
        lambda special, x, axis=axis: special.logsumexp(x, axis=axis, keepdims=True),
        package="scipy.special",
    )
alone(
    "scipy.special.logsumexp",
    (*MATRIX, *MATRIX),
    lambda s, x, b: s.logsumexp(x, b=b, axis=1),
    package="scipy.special",
    low=0.2,
)
alone(
    "scipy.special.multigammaln", ((),), lambda s, a: s.multigammaln(a, 3), package="scipy.special", low=2.0, high=3.0
)
alone("scipy.special.gammasgn", ((6,),), lambda s, x: s.gammasgn(x) * x, package="scipy.special", low=-3.9, high=2.0)
alone("scipy.special.softmax", MATRIX, lambda s, x: s.softmax(x, axis=1), package="scipy.special")
alone("scipy.special.log_softmax", MATRIX, lambda s, x: s.log_softmax(x, axis=0), package="scipy.special")
_TIGHT = {"rtol": 1e-13, "atol": 1e-13}
alone(
    "scipy.integrate.odeint",
    ((2,), (2,)),
    lambda s, y, k: s.odeint(lambda y, t: -k * y, y, [0.0, 0.3, 1.0], **_TIGHT),
    lambda s, y, k: s.odeint(lambda t, y, k: [k[0] * y[1], -t * y[0]], y, [0.0, 0.5], args=(k,), tfirst=True, **_TIGHT),
    package="scipy.integrate",
)
