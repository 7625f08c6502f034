"""SD2xx: arguments of symdiff's functions. SD3xx: the command and what it reads and writes. SD9xx: defects of ours.

The docstring of a class is what `symdiff explain CODE` prints: a program that fails, its message, and the program
mended. The tests run both programs and compare the message.
"""

from symdiff.errors.base import SymdiffError


class ArgumentError(SymdiffError):
    """An argument of symdiff's own functions does not fit.

    A name that is not a parameter, an order below 0, an error code that does not exist.

    Fails:

        import symdiff as sd

        def area(radius):
            return 3.14 * radius**2

        sd.derivative(area, wrt="radios")

    Message:

        ?

    Fix:

        import symdiff as sd

        def area(radius):
            return 3.14 * radius**2

        sd.derivative(area, wrt="radius")
    """

    code = "SD201"


class ScalarOutputError(SymdiffError):
    """`grad` and `hessian` want a function with one scalar output.

    Fails:

        import symdiff as sd

        def both(x):
            return x * x, 3.0 * x

        sd.grad(both)(2.0)

    Message:

        ?

    Fix:

        import symdiff as sd

        def both(x):
            return x * x, 3.0 * x

        sd.jacobian(both)(2.0)
    """

    code = "SD202"


class BackendError(SymdiffError):
    """An unknown backend, or one that cannot express the program.

    Fails:

        import math
        import symdiff as sd

        sd.lambdify(lambda x: math.sin(x), backend="nunpy")

    Message:

        ?

    Fix:

        import math
        import symdiff as sd

        sd.lambdify(lambda x: math.sin(x), backend="numpy")
    """

    code = "SD203"


class ExpressionError(SymdiffError):
    """A closed form that is too large to be one SymPy expression, or an expression that is no function of ours.

    SymPy's expressions are trees: a shared value is written out wherever it is used.

    Fails:

        import symdiff as sd

        def doubling(x):
            for _ in range(40):
                x = x * x + x
            return x

        sd.trace(doubling).expr

    Message:

        ?

    Fix:

        import symdiff as sd

        def doubling(x):
            for _ in range(40):
                x = x * x + x
            return x

        sd.trace(doubling).source()
    """

    code = "SD204"


class TargetError(SymdiffError):
    """A target of the command cannot be found or loaded.

    A target is `file.py:function` or `package.module:function`.

    Fails:

        import symdiff as sd

        sd.generate("modle.py:energy", output="energy_d.py")

    Message:

        ?

    Fix:

        import symdiff as sd

        sd.generate("model.py:energy", output="energy_d.py")
    """

    code = "SD301"


class ConfigurationError(SymdiffError):
    """A mistake in `[tool.symdiff]`.

    Fails:

        ?

    Message:

        ?

    Fix:

        ?
    """

    code = "SD302"


class OutputFileError(SymdiffError):
    """A file that must not, or cannot, be written.

    Fails:

        ?

    Message:

        ?

    Fix:

        ?
    """

    code = "SD303"


class VerificationError(SymdiffError):
    """The generated code does not agree with the independent evaluation in mpmath.

    Fails:

        ?

    Message:

        ?

    Fix:

        ?
    """

    code = "SD304"


class CheckError(SymdiffError):
    """A Program that is not well formed.

    Programs made by tracing are well formed: this is a defect of symdiff, please report it.

    Fails:

        from symdiff.ir.check import check
        from symdiff.ir.nodes import Input
        from symdiff.ir.program import Parameter, Program

        x, stranger = Input("x"), Input("stranger")
        check(Program("f", (Parameter("x"),), (x,), (stranger,)))

    Message:

        symdiff.CheckError [SD900]: Input(stranger) is not an input of the program
        more: symdiff explain SD900

    Fix:

        from symdiff.ir.check import check
        from symdiff.ir.nodes import Input
        from symdiff.ir.program import Parameter, Program

        x = Input("x")
        check(Program("f", (Parameter("x"),), (x,), (x,)))
    """

    code = "SD900"
