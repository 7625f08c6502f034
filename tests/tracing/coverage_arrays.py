"""Covered: reductions, products, rearrangements, joins."""

from tests.tracing.coverage import CUBE, MATRIX, NUMBER, SQUARE, VECTOR, alone, by_axes, covers

PAIR = ((3, 4), (3, 4))
VECTORS = ((4,), (4,))

# -- reductions ---------------------------------------------------------------------------------------------------

by_axes("numpy.sum")
by_axes("numpy.mean")
by_axes("numpy.prod", None, 0, -1)
by_axes("numpy.prod", (0, 2), in_autograd=False)
by_axes("numpy.max")
by_axes("numpy.min")
by_axes("numpy.amax", None, 1)
by_axes("numpy.amin", None, 1)
by_axes("numpy.var")
by_axes("numpy.var", (0, 1), ddof=1)
by_axes("numpy.std")
by_axes("numpy.std", -1, ddof=1)
covers("numpy.std", ((1, 4),), lambda np, x: np.std(x, axis=0) + x[0])
by_axes("numpy.ptp", None, 0, in_autograd=False)
by_axes("numpy.median", None, 0, (0, 2), in_autograd=False)
by_axes("numpy.nansum", None, 0, (0, 2), in_autograd=False)
by_axes("numpy.nanmean", None, 0, in_autograd=False)
by_axes("numpy.nanprod", None, 0, in_autograd=False)
by_axes("numpy.nanmax", None, 0, in_autograd=False)
by_axes("numpy.nanmin", None, -1, in_autograd=False)
by_axes("numpy.nanvar", None, 0, in_autograd=False)
by_axes("numpy.nanstd", None, 0, in_autograd=False)
by_axes("numpy.nanmedian", None, 0, in_autograd=False)
alone(
    "numpy.average",
    PAIR,
    lambda np, x, w: np.average(x),
    lambda np, x, w: np.average(x, weights=w),
    lambda np, x, w: np.average(x, axis=1, weights=w[0]),
    lambda np, x, w: np.average(x, axis=0, weights=w, keepdims=True),
    lambda np, x, w: np.average(x, axis=0, weights=w[:, 1], returned=True)[0],
    low=0.3,
)
alone("numpy.cov", PAIR, lambda np, x, y: np.cov(x), lambda np, x, y: np.cov(x, y, ddof=0))
alone("numpy.corrcoef", MATRIX, lambda np, x: np.corrcoef(x), lambda np, x: np.corrcoef(x, rowvar=False))
covers("numpy.linalg.norm", VECTOR, lambda np, x: np.linalg.norm(x), lambda np, x: np.linalg.norm(x, 3))
covers("numpy.linalg.norm", MATRIX, lambda np, x: np.linalg.norm(x), lambda np, x: np.linalg.norm(x, axis=1))

# -- products -----------------------------------------------------------------------------------------------------

for shapes in (
    ((), ()),
    ((), (3,)),
    ((3,), ()),
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((2, 5, 3), (3,)),
    ((2, 5, 3), (3, 4)),
    ((3,), (2, 3, 4)),
    ((2, 3), (5, 3, 2)),
):
    covers("numpy.dot", shapes, lambda np, x, y: np.dot(x, y))
for shapes in (
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (2, 3, 4)),
    ((3,), (5, 3, 4)),
    ((5, 2, 3), (3,)),
):
    covers("numpy.matmul", shapes, lambda np, x, y: np.matmul(x, y), lambda np, x, y: x @ y)
for shapes in (((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((2, 2, 3), (3,)), ((), (3,)), ((3,), ())):
    covers("numpy.inner", shapes, lambda np, x, y: np.inner(x, y))
covers("numpy.outer", ((3,), (2,)), lambda np, x, y: np.outer(x, y))
covers("numpy.outer", ((2, 2), (3,)), lambda np, x, y: np.outer(x, y), in_autograd=False)
alone("numpy.vdot", PAIR, lambda np, x, y: np.vdot(x, y))
alone("numpy.vecdot", PAIR, lambda np, x, y: np.vecdot(x, y), lambda np, x, y: np.vecdot(x, y, axis=0))
covers("numpy.kron", ((2, 3), (2, 2)), lambda np, x, y: np.kron(x, y))
covers("numpy.kron", ((3,), (2,)), lambda np, x, y: np.kron(x, y))
alone("numpy.kron", ((2, 2, 2), (3,)), lambda np, x, y: np.kron(x, y))
covers("numpy.cross", ((4, 3), (4, 3)), lambda np, x, y: np.cross(x, y))
alone("numpy.cross", ((3,), (4, 3)), lambda np, x, y: np.cross(x, y))
covers("numpy.cross", ((3, 4), (3, 4)), lambda np, x, y: np.cross(x, y, axis=0), in_autograd=False)
alone("numpy.cross", ((3, 4), (4, 3)), lambda np, x, y: np.cross(x, y, axisa=0, axisc=0))
covers(
    "numpy.tensordot",
    ((2, 3, 4), (3, 4, 2)),
    lambda np, x, y: np.tensordot(x, y),
    lambda np, x, y: np.tensordot(x, y, axes=([1, 2], [0, 1])),
    lambda np, x, y: np.tensordot(x, y, axes=([0, 2], [2, 1])),
    lambda np, x, y: np.tensordot(x, y, axes=0),
    lambda np, x, y: np.tensordot(x, y, axes=[1, 0]),
    lambda np, x, y: np.tensordot(x, y, axes=([-1], [-2])),
)
covers(
    "numpy.einsum",
    ((3, 4), (4, 3)),
    lambda np, x, y: np.einsum("ij,jk->ik", x, y),
    lambda np, x, y: np.einsum("ij,jk", x, y),
    lambda np, x, y: np.einsum("ij,ji", x, y),
    lambda np, x, y: np.einsum("ij,jk->", x, y),
    lambda np, x, y: np.einsum("ij,kj->ik", x, y.T),
    lambda np, x, y: np.einsum("i...,...j->...ij", x, y),
    lambda np, x, y: np.einsum("...j,j...", x, y),
    lambda np, x, y: np.einsum(x, [0, 1], y, [1, 2], [0, 2]),
    lambda np, x, y: np.einsum("ij->ji", x) * y,
    lambda np, x, y: np.einsum("ij->j", x) + np.einsum("ij->i", y),
)
covers(
    "numpy.einsum",
    ((2, 3, 4), (2, 4, 3), (3,)),
    lambda np, x, y, z: np.einsum("bij,bjk,k->bi", x, y, z),
    lambda np, x, y, z: np.einsum("...ij,...ji->...", x, y),
    lambda np, x, y, z: np.einsum("...ij,...jk", x, y),
    lambda np, x, y, z: np.einsum(x, [Ellipsis, 0, 1], y, [Ellipsis, 1, 2], [Ellipsis, 0, 2]),
)
alone("numpy.einsum", ((3, 4), (4, 3)), lambda np, x, y: np.einsum(x, [0, 1], y, [1, 2]))
alone("numpy.einsum", SQUARE, lambda np, x: np.einsum("ii->i", x), lambda np, x: np.einsum("ii", x))
alone("numpy.einsum", ((3, 3, 3), (1, 3)), lambda np, x, y: np.einsum("iji,ki->jk", x, y))
alone("numpy.einsum", ((1, 4), (3, 4)), lambda np, x, y: np.einsum("ij,ij->j", x, y))
covers("numpy.trace", SQUARE, lambda np, x: np.trace(x), lambda np, x: np.trace(x, offset=1))
covers("numpy.trace", MATRIX, lambda np, x: np.trace(x), lambda np, x: np.trace(x, offset=-1), in_autograd=False)
covers("numpy.trace", CUBE, lambda np, x: np.trace(x, axis1=0, axis2=2), in_autograd=False)
covers("numpy.diagonal", CUBE, lambda np, x: np.diagonal(x, axis1=-1, axis2=-2), in_autograd=False)
alone("numpy.diagonal", CUBE, lambda np, x: np.diagonal(x, 1), lambda np, x: np.diagonal(x, -1, 1, 2))
covers("numpy.diag", SQUARE, lambda np, x: np.diag(x), lambda np, x: np.diag(x, 1), lambda np, x: np.diag(x, k=-1))
covers("numpy.diag", VECTOR, lambda np, x: np.diag(x), lambda np, x: np.diag(x, 2), lambda np, x: np.diag(x, k=-1))
alone("numpy.diag", MATRIX, lambda np, x: np.diag(x), lambda np, x: np.diag(x, 2), lambda np, x: np.diag(x, k=-1))
alone("numpy.diagflat", ((2, 2),), lambda np, x: np.diagflat(x), lambda np, x: np.diagflat(x, -1))
for function in ("tril", "triu"):
    covers(
        f"numpy.{function}",
        MATRIX,
        lambda np, x, f=function: getattr(np, f)(x),
        lambda np, x, f=function: getattr(np, f)(x, k=1),
        lambda np, x, f=function: getattr(np, f)(x, k=-2),
    )
    covers(f"numpy.{function}", CUBE, lambda np, x, f=function: getattr(np, f)(x, k=1))
alone("numpy.vander", ((4,),), lambda np, x: np.vander(x), lambda np, x: np.vander(x, 3, increasing=True))
alone(
    "numpy.convolve",
    ((5,), (3,)),
    lambda np, x, y: np.convolve(x, y),
    lambda np, x, y: np.convolve(x, y, "same"),
    lambda np, x, y: np.convolve(y, x, mode="valid"),
)
alone("numpy.convolve", ((4,), (4,)), lambda np, x, y: np.convolve(x, y, "same"))
alone(
    "numpy.correlate",
    ((5,), (2,)),
    lambda np, x, y: np.correlate(x, y),
    lambda np, x, y: np.correlate(x, y, "same"),
    lambda np, x, y: np.correlate(y, x, "same"),
    lambda np, x, y: np.correlate(y, x, "full"),
    lambda np, x, y: np.correlate(y, x, "valid"),
)
alone("numpy.polyval", VECTORS, lambda np, c, x: np.polyval(c, x), lambda np, c, x: np.polyval([2.0, 0.0, -1.0], x))

# -- shapes -------------------------------------------------------------------------------------------------------

covers(
    "numpy.reshape",
    CUBE,
    lambda np, x: np.reshape(x, (4, 6)),
    lambda np, x: np.reshape(x, (3, -1)),
    lambda np, x: np.reshape(x, -1),
    lambda np, x: np.reshape(x, (4, 6), order="F"),
    lambda np, x: x.reshape(6, 4),
    lambda np, x: x.reshape((6, 4)),
)
covers("numpy.ravel", CUBE, lambda np, x: np.ravel(x), lambda np, x: np.ravel(x, order="F"))
covers("numpy.ravel", MATRIX, lambda np, x: x.ravel(), lambda np, x: x.flatten())
covers(
    "numpy.transpose",
    CUBE,
    lambda np, x: np.transpose(x),
    lambda np, x: np.transpose(x, (1, 0, 2)),
    lambda np, x: x.T,
    lambda np, x: x.transpose((2, 0, 1)),
)
alone("numpy.transpose", CUBE, lambda np, x: np.transpose(x, axes=(-1, 0, 1)))
covers("numpy.swapaxes", CUBE, lambda np, x: np.swapaxes(x, 0, 2), lambda np, x: np.swapaxes(x, -1, 1))
covers("numpy.moveaxis", CUBE, lambda np, x: np.moveaxis(x, 0, -1), lambda np, x: np.moveaxis(x, -1, 0))
covers("numpy.moveaxis", CUBE, lambda np, x: np.moveaxis(x, (0, 1), (2, 0)), lambda np, x: np.moveaxis(x, [0], [1]))
covers("numpy.rollaxis", CUBE, lambda np, x: np.rollaxis(x, 2), lambda np, x: np.rollaxis(x, 2, 1))
alone("numpy.rollaxis", CUBE, lambda np, x: np.rollaxis(x, 0, 3), lambda np, x: np.rollaxis(x, 0, 2))
covers("numpy.squeeze", ((1, 3, 1),), lambda np, x: np.squeeze(x), lambda np, x: np.squeeze(x, axis=0))
covers("numpy.squeeze", ((1, 3, 1),), lambda np, x: np.squeeze(x, axis=(0, -1)))
covers("numpy.expand_dims", MATRIX, lambda np, x: np.expand_dims(x, 0), lambda np, x: np.expand_dims(x, -1))
alone("numpy.expand_dims", MATRIX, lambda np, x: np.expand_dims(x, (0, 2)))
covers("numpy.broadcast_to", ((3, 1),), lambda np, x: np.broadcast_to(x, (3, 4)))
alone("numpy.broadcast_to", ((3, 1),), lambda np, x: np.broadcast_to(x, (2, 3, 4)))
alone("numpy.broadcast_arrays", ((3, 1), (4,)), lambda np, x, y: np.stack(np.broadcast_arrays(x, y)))
covers("numpy.atleast_1d", NUMBER, lambda np, x: np.atleast_1d(x))
covers("numpy.atleast_2d", VECTOR, lambda np, x: np.atleast_2d(x))
covers("numpy.atleast_3d", VECTOR, lambda np, x: np.atleast_3d(x))
covers("numpy.atleast_3d", MATRIX, lambda np, x: np.atleast_3d(x))

# -- order of elements --------------------------------------------------------------------------------------------

alone("numpy.flip", CUBE, lambda np, x: np.flip(x), lambda np, x: np.flip(x, 1), lambda np, x: np.flip(x, (0, 2)))
covers("numpy.fliplr", MATRIX, lambda np, x: np.fliplr(x))
covers("numpy.flipud", MATRIX, lambda np, x: np.flipud(x))
covers("numpy.rot90", MATRIX, *(lambda np, x, k=k: np.rot90(x, k) for k in (0, 1, 2, 3, -1, 5)))
covers("numpy.rot90", CUBE, *(lambda np, x, k=k: np.rot90(x, k, axes=(2, 0)) for k in (1, 3)), in_autograd=False)
covers(
    "numpy.roll",
    MATRIX,
    lambda np, x: np.roll(x, 2),
    lambda np, x: np.roll(x, -1, axis=1),
)
alone("numpy.roll", MATRIX, lambda np, x: np.roll(x, (1, 2), axis=(0, 1)))
alone("numpy.roll", MATRIX, lambda np, x: np.roll(x, 5, axis=(0, 1)), lambda np, x: np.roll(x, (1, 1), axis=(0, 0)))
covers("numpy.tile", MATRIX, lambda np, x: np.tile(x, (2, 3)))
covers("numpy.tile", VECTOR, lambda np, x: np.tile(x, (2, 2)), lambda np, x: np.tile(x, [3]))
alone("numpy.tile", CUBE, lambda np, x: np.tile(x, (1, 2)), lambda np, x: np.tile(x, 2))
covers("numpy.repeat", MATRIX, lambda np, x: np.repeat(x, 2), lambda np, x: np.repeat(x, 3, axis=0))
alone("numpy.repeat", MATRIX, lambda np, x: np.repeat(x, [2, 0, 1], axis=0), lambda np, x: x.repeat(2, axis=-1))
alone("numpy.resize", VECTOR, lambda np, x: np.resize(x, (2, 4)), lambda np, x: np.resize(x, 3))
covers("numpy.pad", MATRIX, lambda np, x: np.pad(x, ((1, 2), (0, 3)), "constant"))
covers("numpy.pad", VECTOR, lambda np, x: np.pad(x, (2, 1), mode="constant"))
alone("numpy.pad", MATRIX, lambda np, x: np.pad(x, 2, constant_values=3.0), lambda np, x: np.pad(x, {-1: (1, 2)}))
alone("numpy.pad", MATRIX, lambda np, x: np.pad(x, ((1, 2), (0, 3)), constant_values=((1.0, 2.0), (3.0, 4.0))))
for mode in ("edge", "reflect", "symmetric", "wrap", "linear_ramp", "mean", "maximum", "minimum"):
    alone(
        "numpy.pad",
        MATRIX,
        lambda np, x, mode=mode: np.pad(x, ((1, 2), (0, 3)), mode),
        lambda np, x, mode=mode: np.pad(x, 7, mode=mode),
    )

# -- joining and taking apart ---------------------------------------------------------------------------------------

covers(
    "numpy.concatenate",
    ((2, 3), (4, 3)),
    lambda np, x, y: np.concatenate([x, y]),
    lambda np, x, y: np.concatenate((x.T, y.T), axis=1),
    lambda np, x, y: np.concatenate([x, y], axis=-2),
)
alone("numpy.concatenate", ((2, 3), (4,)), lambda np, x, y: np.concatenate([x, y], axis=None))
covers("numpy.stack", PAIR, *(lambda np, x, y, axis=axis: np.stack([x, y], axis) for axis in (0, 1, 2, -1)))
covers("numpy.vstack", PAIR, lambda np, x, y: np.vstack([x, y]))
covers("numpy.vstack", VECTORS, lambda np, x, y: np.vstack((x, y)))
covers("numpy.hstack", PAIR, lambda np, x, y: np.hstack([x, y]))
covers("numpy.hstack", VECTORS, lambda np, x, y: np.hstack((x, y)))
alone("numpy.dstack", PAIR, lambda np, x, y: np.dstack([x, y]))
alone("numpy.dstack", VECTORS, lambda np, x, y: np.dstack([x, y]))
covers("numpy.column_stack", VECTORS, lambda np, x, y: np.column_stack([x, y]))
for function in ("stack", "concatenate", "vstack", "hstack", "column_stack"):  # the rows of one array
    covers(f"numpy.{function}", CUBE, lambda np, x, f=function: getattr(np, f)(x))
alone("numpy.concatenate", CUBE, lambda np, x: np.concatenate(x, axis=-1), lambda np, x: np.concatenate(x, axis=None))
alone("numpy.stack", CUBE, lambda np, x: np.stack(x, axis=2))
alone("numpy.dstack", CUBE, lambda np, x: np.dstack(x))
covers("numpy.vstack", MATRIX, lambda np, x: np.vstack(x))
covers("numpy.append", PAIR, lambda np, x, y: np.append(x, y), lambda np, x, y: np.append(x, y, axis=1))
alone("numpy.block", PAIR, lambda np, x, y: np.block([[x, y], [y, x]]))
alone("numpy.delete", MATRIX, lambda np, x: np.delete(x, 1, axis=0), lambda np, x: np.delete(x, [0, -1]))
alone(
    "numpy.insert",
    VECTOR,
    lambda np, x: np.insert(x, 1, 2.0 * x[0]),
    lambda np, x: np.insert(x, [1, 3], x[:2] ** 2),
    lambda np, x: np.insert(x, [3, 1], x[:2] ** 2),
)
alone("numpy.insert", MATRIX, lambda np, x: np.insert(x, -1, x[0, 0], axis=1))
for function in ("split", "array_split"):
    covers(
        f"numpy.{function}",
        ((6, 4),),
        lambda np, x, f=function: getattr(np, f)(x, 3)[1],
        lambda np, x, f=function: getattr(np, f)(x, 2, axis=1)[0],
        lambda np, x, f=function: np.concatenate(getattr(np, f)(x, [1, 4])[::-1]),
    )
alone("numpy.array_split", ((7,),), lambda np, x: np.concatenate(np.array_split(x, 3)[::-1]))
covers("numpy.vsplit", ((4, 4),), lambda np, x: np.vsplit(x, 2)[1])
covers("numpy.hsplit", ((4, 4),), lambda np, x: np.hsplit(x, [1, 3])[1])
covers("numpy.dsplit", CUBE, lambda np, x: np.dsplit(x, 2)[1])
covers(
    "numpy.array",
    VECTORS,
    lambda np, x, y: np.array([x, y]),
    lambda np, x, y: np.array([[x[0], 1.0], [y[1], x[2]]]),
    lambda np, x, y: np.array([x[0], y[0], 2.0]),
    lambda np, x, y: np.array(x, ndmin=2),
)
alone("numpy.meshgrid", VECTORS, lambda np, x, y: np.stack(np.meshgrid(x, y)))
alone("numpy.meshgrid", VECTORS, lambda np, x, y: np.meshgrid(x, y, indexing="ij", sparse=True)[0] * y)
covers("numpy.full", NUMBER, lambda np, x: np.full((2, 3), x))
alone("numpy.full_like", NUMBER, lambda np, x: np.full_like(np.ones(3), x) * x)
covers("numpy.zeros_like", VECTOR, lambda np, x: np.zeros_like(x) + x)
covers("numpy.ones_like", VECTOR, lambda np, x: np.ones_like(x) * x)
covers("numpy.linspace", ((), ()), lambda np, x, y: np.linspace(x, y, 5), in_autograd=True)
alone("numpy.linspace", ((), ()), lambda np, x, y: np.linspace(x, y, 4, endpoint=False))
alone(
    "numpy.linspace", ((3,), (3,)), lambda np, x, y: np.linspace(x, y, 4, axis=1), lambda np, x, y: np.linspace(x, 2, 3)
)
alone("numpy.logspace", ((), ()), lambda np, x, y: np.logspace(x, y, 4), low=-0.5, high=0.5)
alone("numpy.geomspace", ((), ()), lambda np, x, y: np.geomspace(x, y, 4), low=0.3)
alone("numpy.apply_along_axis", MATRIX, lambda np, x: np.apply_along_axis(lambda v: v * v[::-1], 1, x))
alone("numpy.apply_along_axis", CUBE, lambda np, x: np.apply_along_axis(np.sum, 1, x))
alone("numpy.vectorize", VECTOR, lambda np, x: np.vectorize(lambda u: u**2 if u > 0.0 else 3.0 * u)(x))
alone("numpy.fromfunction", NUMBER, lambda np, x: np.fromfunction(lambda i, j: x * i + x**2 * j, (2, 3)))
alone("numpy.add.outer", VECTORS, lambda np, x, y: np.add.outer(x, y), lambda np, x, y: np.multiply.outer(x, y))
alone("numpy.add.reduce", MATRIX, lambda np, x: np.add.reduce(x), lambda np, x: np.multiply.reduce(x, axis=1))
alone("numpy.maximum.reduce", MATRIX, lambda np, x: np.maximum.reduce(x), lambda np, x: np.minimum.reduce(x, axis=-1))
alone("numpy.r_", VECTORS, lambda np, x, y: np.r_[x, 1.0, y], lambda np, x, y: np.r_[x, 1:4, y, 0:1:3j])
alone("numpy.r_", PAIR, lambda np, x, y: np.r_[x, y])
alone("numpy.c_", VECTORS, lambda np, x, y: np.c_[x, y], lambda np, x, y: np.c_[x, 1:5, y])
alone("numpy.c_", CUBE, lambda np, x: np.c_[x, 2.0 * x])
alone("numpy.c_", PAIR, lambda np, x, y: np.c_[x, y])
