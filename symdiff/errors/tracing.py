"""SD1xx: what goes wrong while a function is traced.

The docstring of a class is what `symdiff explain CODE` prints: a program that fails, its message, and the program
mended. The tests run both programs and compare the message.
"""

from symdiff.errors.base import SymdiffError


class TraceError(SymdiffError):
    """The function cannot be traced.

    Fails:

        import symdiff as sd

        def steps(x):
            yield x
            yield x * x

        sd.trace(steps)

    Message:

        ?

    Fix:

        import symdiff as sd

        def steps(x):
            return x, x * x

        sd.trace(steps)
    """

    code = "SD100"


class BranchError(TraceError):
    """Too many branches depend on traced values.

    Every `if` on a traced value doubles the number of paths through the function. Up to 64 paths are followed and put
    together again. `np.where` makes a choice without a path.

    Fails:

        import symdiff as sd

        def steps_up(x):
            height = 0.0
            for step in range(100):
                if x > step:
                    height = height + x
            return height

        sd.derivative(steps_up)

    Message:

        ?

    Fix:

        import numpy as np
        import symdiff as sd

        def steps_up(x):
            height = 0.0
            for step in range(100):
                height = height + np.where(x > step, x, 0.0)
            return height

        sd.derivative(steps_up)
    """

    code = "SD101"


class LoopError(TraceError):
    """The number of rounds of a loop depends on a traced value.

    Fails:

        import symdiff as sd

        def halve(x):
            while x > 1.0:
                x = x / 2.0
            return x

        sd.derivative(halve)

    Message:

        ?

    Fix:

        import numpy as np
        import symdiff as sd

        def halve(x):
            for _ in range(10):
                x = np.where(x > 1.0, x / 2.0, x)
            return x

        sd.derivative(halve)
    """

    code = "SD102"


class ConversionError(TraceError):
    """A traced value was asked for its number.

    While a function is traced its arguments stand for every number. What must be known then, such as a
    length or an index, is an argument of the call, marked as static.

    Fails:

        import symdiff as sd

        def term(x, n):
            return [1.0, x, x * x][n]

        sd.derivative(term, wrt="x")

    Message:

        ?

    Fix:

        import symdiff as sd

        def term(x, n):
            return [1.0, x, x * x][n]

        sd.derivative(term, wrt="x", static={"n": 2})
    """

    code = "SD103"


class UnsupportedError(TraceError):
    """A function, method or keyword that symdiff does not know was applied to a traced value.

    Fails:

        import numpy as np
        import symdiff as sd

        def spectrum(x):
            return np.fft.fft(x)

        sd.trace(spectrum, shapes={"x": (4,)})

    Message:

        ?

    Fix:

        import numpy as np
        import symdiff as sd

        def mean_square(x):
            return np.sum(x * x) / len(x)

        sd.trace(mean_square, shapes={"x": (4,)})
    """

    code = "SD104"


class ShapeError(TraceError):
    """Shapes that do not fit each other, or do not fit the call.

    Fails:

        import numpy as np
        import symdiff as sd

        def mixed(x, y):
            return np.sum(x + y)

        sd.trace(mixed, shapes={"x": (3,), "y": (2,)})

    Message:

        ?

    Fix:

        import numpy as np
        import symdiff as sd

        def mixed(x, y):
            return np.sum(x + y)

        sd.trace(mixed, shapes={"x": (3,), "y": (3,)})
    """

    code = "SD105"


class AssignmentError(TraceError):
    """An assignment into a traced value.

    Fails:

        import symdiff as sd

        def clamp_first(x):
            x[0] = 0.0
            return x

        sd.jacobian(clamp_first)([1.0, 2.0])

    Message:

        ?

    Fix:

        import numpy as np
        import symdiff as sd

        def clamp_first(x):
            return np.concatenate([[0.0], x[1:]])

        sd.jacobian(clamp_first)([1.0, 2.0])
    """

    code = "SD106"


class OutputError(TraceError):
    """What the function returns is not made of numbers.

    Fails:

        import symdiff as sd

        def label(x):
            return "large"

        sd.derivative(label)

    Message:

        ?

    Fix:

        import symdiff as sd

        def label(x):
            return 2.0 * x

        sd.derivative(label)
    """

    code = "SD107"
