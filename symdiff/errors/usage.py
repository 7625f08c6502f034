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

        symdiff.ArgumentError [SD201]: area has no parameter 'radios'
        fix:  one of radius
        more: symdiff explain SD201

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

        symdiff.ScalarOutputError [SD202]: both returns a tuple of 2: a gradient needs one scalar output
        fix:  sd.jacobian(both)
        more: symdiff explain SD202

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

        symdiff.BackendError [SD203]: there is no backend 'nunpy'
        why:  The backends are numpy, numexpr, math.
        fix:  backend="numpy"
        more: symdiff explain SD203

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

        symdiff.ExpressionError [SD204]: the closed form cannot be written out as one SymPy expression
          --> model.py:5 in doubling
           5 |         x = x * x + x
             |             ^^^^^^^^^
        why:  Written out it has more than 10,000 operations.
        fix:  use `.source()`, which shares common parts; or take the expression of a part of the function
        more: symdiff explain SD204

    Fix:

        import symdiff as sd

        def doubling(x):
            for _ in range(40):
                x = x * x + x
            return x

        sd.trace(doubling).source()
    """

    code = "SD204"


class SymbolError(SymdiffError):
    """Inputs, outputs, updates and substitutions of a symbolic function that do not fit together.

    An input that is missing, unused or listed twice, two updates of one shared variable, an update of what is not shared.

    Fails:

        from symdiff.symbolic import function, scalars

        a, b = scalars("a", "b")
        function([a], a**2 + b**2)

    Message:

        symdiff.SymbolError [SD205]: the outputs need b, which is not among the inputs
          --> model.py:3 in <module>
           3 | a, b = scalars("a", "b")
             |        ^^^^^^^^^^^^^^^^^ is declared here
        fix:  function([a, b], …), or givens={b: 1.0}
        more: symdiff explain SD205

    Fix:

        from symdiff.symbolic import function, scalars

        a, b = scalars("a", "b")
        function([a, b], a**2 + b**2)
    """

    code = "SD205"


class DisconnectedInputError(SymdiffError):
    """A derivative by a symbol that the cost is not made of.

    It is zero, and more often than not a mistake: the name of another symbol, or an update of a variable that the model
    does not use.

    Fails:

        from symdiff.symbolic import grad, scalars

        w, b = scalars("w", "b")
        cost = (3.0 * w - 1.0) ** 2
        grad(cost, [w, b])

    Message:

        symdiff.DisconnectedInputError [SD206]: the cost is not made of b
          --> model.py:5 in <module>
           5 | grad(cost, [w, b])
             | ^^^^^^^^^^^^^^^^^^
        why:  Its derivative by b is 0 everywhere.
        fix:  leave b out, or disconnected_inputs="ignore" for zeros
        more: symdiff explain SD206

    Fix:

        from symdiff.symbolic import grad, scalars

        w, b = scalars("w", "b")
        cost = (3.0 * w + b - 1.0) ** 2
        grad(cost, [w, b])
    """

    code = "SD206"


class HolomorphicError(SymdiffError):
    """A complex result that is not complex-differentiable was to be differentiated by a complex parameter.

    Where conj, abs, real, imag or angle stands between a complex parameter and a complex result, the slope depends on
    the direction in which the parameter moves: there is no one complex number to return. A real result always has a
    gradient, ∂u/∂x - i ∂u/∂y.

    Fails:

        import symdiff as sd

        def reflected(z):
            return 2.0 * z.conjugate()

        sd.holomorphic_grad(reflected)(1.0 + 2.0j)

    Message:

        symdiff.HolomorphicError [SD207]: a complex result has no derivative by a complex parameter here
          --> model.py:4 in reflected
           4 |     return 2.0 * z.conjugate()
             |                  ^^^^^^^^^^^^^ conj is not complex-differentiable
        why:  Its derivative would depend on the direction in the plane.
        fix:  differentiate a real function of it, abs(f(z)), or make z.real and z.imag two real parameters
        more: symdiff explain SD207

    Fix:

        import symdiff as sd

        def reflected(z):
            return 2.0 * z.conjugate()

        sd.grad(lambda z: abs(reflected(z)))(1.0 + 2.0j)
    """

    code = "SD207"


class TargetError(SymdiffError):
    """A target of the command cannot be found or loaded.

    A target is `file.py:function` or `package.module:function`.

    Fails:

        $ cat model.py
        import math

        def energy(x, y):
            return x**2 + math.cosh(y)
        $ symdiff generate model.py:enrgy -o energy_d.py

    Message:

        symdiff.TargetError [SD301]: there is no function enrgy in model.py
        why:  Its functions are energy; did you mean `energy`?
        fix:  model.py:energy
        more: symdiff explain SD301

    Fix:

        $ cat model.py
        import math

        def energy(x, y):
            return x**2 + math.cosh(y)
        $ symdiff generate model.py:energy -o energy_d.py
    """

    code = "SD301"


class ConfigurationError(SymdiffError):
    """A mistake in the options of a module: in `[tool.symdiff]` of pyproject.toml, in the command, in a call.

    Fails:

        $ cat model.py
        import math

        def energy(x, y):
            return x**2 + math.cosh(y)
        $ cat pyproject.toml
        [[tool.symdiff.target]]
        function = "model.py:energy"
        emitt = ["value", "grad"]
        output = "energy_d.py"
        $ symdiff generate

    Message:

        symdiff.ConfigurationError [SD302]: [[tool.symdiff.target]] number 1 has no key 'emitt'
          --> pyproject.toml:3 in [[tool.symdiff.target]]
           3 | emitt = ["value", "grad"]
             | ^^^^^
        why:  Its keys are function, output, wrt, emit, backend, simplify, shapes, static, name, templates,
              verify; did you mean `emit`?
        fix:  emit = ["value", "grad"]
        more: symdiff explain SD302

    Fix:

        $ cat model.py
        import math

        def energy(x, y):
            return x**2 + math.cosh(y)
        $ cat pyproject.toml
        [[tool.symdiff.target]]
        function = "model.py:energy"
        emit = ["value", "grad"]
        output = "energy_d.py"
        $ symdiff generate
    """

    code = "SD302"


class OutputFileError(SymdiffError):
    """A file that must not, or cannot, be written.

    What symdiff did not generate, or what was edited since, is overwritten only when asked for.

    Fails:

        $ cat model.py
        import math

        def energy(x, y):
            return x**2 + math.cosh(y)
        $ cat energy_d.py
        def energy_dx(x, y):
            return 2 * x
        $ symdiff generate model.py:energy -o energy_d.py

    Message:

        symdiff.OutputFileError [SD303]: energy_d.py is not overwritten
        why:  It has no header of symdiff.
        fix:  name another file, or pass --force (in Python force=True)
        more: symdiff explain SD303

    Fix:

        $ cat model.py
        import math

        def energy(x, y):
            return x**2 + math.cosh(y)
        $ symdiff generate model.py:energy -o energy_derivatives.py
    """

    code = "SD303"


class VerificationError(SymdiffError):
    """The generated code was not shown to agree with the independent evaluation in mpmath.

    Nothing is written unless it agrees at sampled points.

    Fails:

        $ cat model.py
        import math

        def depth(x):
            return math.sqrt(-1.0 - x * x)
        $ symdiff generate model.py:depth -o depth_d.py

    Message:

        symdiff.VerificationError [SD304]: no point was found at which depth is finite
        why:  640 points between -3 and 1000 were tried.
        fix:  verify={"at": [{"x": …}]}
              in pyproject.toml: verify = { at = [{ x = … }] }
        more: symdiff explain SD304

    Fix:

        $ cat model.py
        import math

        def depth(x):
            return math.sqrt(1.0 + x * x)
        $ symdiff generate model.py:depth -o depth_d.py
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
