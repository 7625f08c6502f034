"""SD1xx: what goes wrong while a function is traced.

The docstring of a class is what `symdiff explain CODE` prints: a program that fails, its message, and the program
mended. The tests run both programs and compare the message.
"""

from typing import Any

from symdiff.errors.base import SymdiffError


class TraceError(SymdiffError):
    """The function cannot be traced.

    The kinds of this error, SD101 to SD107, say what it is that cannot be; this one tells of an error that the function
    itself raised when it was called with traced values.

    Fails:

        import symdiff as sd

        PRICES = {"apple": 0.4, "pear": 0.6}

        def price(weight):
            return PRICES["plum"] * weight

        sd.derivative(price)

    Message:

        symdiff.TraceError [SD100]: the function raises KeyError: 'plum'
          --> model.py:6 in price
           6 |     return PRICES["plum"] * weight
             |            ^^^^^^^^^^^^^^
        why:  It was run on traced values in place of numbers.
        fix:  try it on plain numbers; if it works there, write the marked part with functions that symdiff knows
        more: symdiff explain SD100

    Fix:

        import symdiff as sd

        PRICES = {"apple": 0.4, "pear": 0.6, "plum": 0.5}

        def price(weight):
            return PRICES["plum"] * weight

        sd.derivative(price)
    """

    code = "SD100"
    never_ends = False  # no other way of running the function would end either


class BranchError(TraceError):
    """Too many branches cannot be merged.

    The two sides of an `if` on a traced value are merged where they end: numbers are chosen between. Where the sides have
    no common form (lists of different lengths, texts), or the function has no source, each path through the function is
    followed by itself, up to 64 of them.

    Fails:

        import symdiff as sd

        def steps_up(x):
            heights = []
            for step in range(70):
                if x > step:
                    heights.append(x)
            return sum(heights)

        sd.derivative(steps_up)

    Message:

        symdiff.BranchError [SD101]: more than 64 paths through the `if`s on traced values
          --> model.py:6 in steps_up
           6 |         if x > step:
             |            ^^^^^^^^ condition is x > 0
        why:  Sides without a common form double the paths: lists of different lengths, a list with two names,
              iterators.
        fix:  choose between numbers: x if x > 0 else 0.0, np.where(condition, a, b), max(a, b)
              or sd.grad(f), which is traced when it is called, and follows the path of each call
        more: symdiff explain SD101

    Fix:

        import symdiff as sd

        def steps_up(x):
            height = 0.0
            for step in range(70):
                if x > step:
                    height = height + x
            return height

        sd.derivative(steps_up)
    """

    code = "SD101"


class LoopError(TraceError):
    """A loop has no closed form.

    A loop whose number of rounds depends on the arguments, or is large, is kept as a loop: one round stands for all. So
    every round must be the same computation on numbers and arrays, whose shapes stay what they are.

    Fails:

        import symdiff as sd

        def halves(x):
            found = []
            while x > 1.0:
                found.append(x)
                x = x / 2.0
            return sum(found)

        sd.derivative(halves)

    Message:

        symdiff.LoopError [SD102]: a round of this loop changes a list, an array, an object or an iterator in place
          --> model.py:5 in halves
           5 |     while x > 1.0:
             |           ^^^^^^^ the number of rounds depends on a traced value, or is large
        why:  Such a loop is kept as a loop: every round must be the same computation on numbers and arrays.
        fix:  keep what the rounds need in numbers: total = total + x
              or sd.grad(f), which is traced when it is called, and follows the path of each call
        more: symdiff explain SD102

    Fix:

        import symdiff as sd

        def halves(x):
            total = 0.0
            while x > 1.0:
                total += x
                x = x / 2.0
            return total

        sd.derivative(halves)
    """

    code = "SD102"

    def __init__(self, summary: str, *, never_ends: bool = False, **parts: Any) -> None:
        """never_ends: whether the loop would not end either if the function ran in another way."""
        super().__init__(summary, **parts)
        self.never_ends = never_ends


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

        symdiff.ConversionError [SD103]: a traced value was asked to become an integer for an index, `range` or a repetition
          --> model.py:4 in term
           4 |     return [1.0, x, x * x][n]
             |            ^^^^^^^^^^^^^^^^^^ n has no number yet
        why:  It depends on the arguments, and the closed form must hold for all of them.
        fix:  static=["n"], or static={"n": 2} where no call gives a value
              or sd.grad(f), which is traced when it is called, and follows the path of each call
        more: symdiff explain SD103

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
            return np.histogram(x)

        sd.trace(spectrum, shapes={"x": (4,)})

    Message:

        symdiff.UnsupportedError [SD104]: numpy.histogram is not traceable
          --> model.py:5 in spectrum
           5 |     return np.histogram(x)
             |            ^^^^^^^^^^^^^^^ is applied to a value that depends on the arguments
        why:  symdiff has no rule for it, and calling it would need the arguments' numbers.
        fix:  np.sum((edges[i] <= x) & (x < edges[i + 1]))
        more: symdiff explain SD104

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

        symdiff.ShapeError [SD105]: shapes (3,) and (2,) do not broadcast
          --> model.py:5 in mixed
           5 |     return np.sum(x + y)
             |                   ^^^^^
        why:  (3,) is the argument x
              (2,) is the argument y
              Axes are matched from the last: each pair is equal, or one of them 1.
        fix:  x[:, None] adds an axis of length 1; x[:n] cuts an axis to the length of another one
        more: symdiff explain SD105

    Fix:

        import numpy as np
        import symdiff as sd

        def mixed(x, y):
            return np.sum(x + y)

        sd.trace(mixed, shapes={"x": (3,), "y": (3,)})
    """

    code = "SD105"


class AssignmentError(TraceError):
    """The function changes something that outlives the call, and its result may depend on that.

    Assignment into arrays and lists of its own is fine: `y = [0.0] * 3; y[0] = x`. So are counters and logs that nobody
    reads; the closed form does without them.

    Fails:

        import symdiff as sd

        calls = 0

        def counted(x):
            global calls
            calls = calls + 1
            return x * calls

        sd.derivative(counted)

    Message:

        symdiff.AssignmentError [SD106]: the function changes `calls`, which outlives the call
          --> model.py:7 in counted
           7 |     calls = calls + 1
             |     ^^^^^
        why:  The closed form has no memory: what the function changes would be lost.
        fix:  pass the value in as an argument and return the new one
        more: symdiff explain SD106

    Fix:

        import symdiff as sd

        def counted(x, calls):
            return x * (calls + 1)

        sd.derivative(counted, "x")(3.0, 0)
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

        symdiff.OutputError [SD107]: the function returns a str, which is not a number
          --> model.py:4 in label
           4 |     return "large"
             |            ^^^^^^^
        why:  The result of a traced function is a number, an array, or a nesting of them.
        fix:  end every path of the function with `return` and a number
        more: symdiff explain SD107

    Fix:

        import symdiff as sd

        def label(x):
            return 2.0 * x

        sd.derivative(label)
    """

    code = "SD107"


class GuardedError(TraceError):
    """There is no closed form to show or to write, only paths of inputs.

    Where no closed form can be had, gradients and their kind follow the path of each call, and check at the next call
    whether it takes the same path. The derivative of one path is not that of the function, so it has no `expr` and is
    never written to a file.

    Fails:

        import numpy as np
        import symdiff as sd

        def largest_gains(x):
            return np.sum(np.sort(x[x > 0.0])[-2:])

        slopes = sd.grad(largest_gains)
        slopes(np.array([4.0, -1.0]))
        slopes.save("slopes.py")

    Message:

        symdiff.GuardedError [SD108]: largest_gains has no closed form: its calls follow the paths of their inputs
          --> model.py:5 in largest_gains
           5 |     return np.sum(np.sort(x[x > 0.0])[-2:])
             |                           ^^^^^^^^^^ is decided by the input
        why:  The path of the last call holds where x > 0 is [True, False], line 5.
        fix:  choose with np.where(condition, a, b), and loop a number of times that does not depend on the input
        more: symdiff explain SD108

    Fix:

        import numpy as np
        import symdiff as sd

        def largest_gains(x):
            return np.sum(np.sort(np.where(x > 0.0, x, 0.0))[-2:])

        slopes = sd.grad(largest_gains, shapes={"x": 2})
        slopes.save("slopes.py")
    """

    code = "SD108"
