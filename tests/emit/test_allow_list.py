"""The allow-list passes what symdiff writes and nothing that could do more than arithmetic."""

import pytest

from symdiff.emit.allow_list import check, is_identifier
from symdiff.errors import CheckError

GOOD = '''\
"""A module."""

import math
from typing import Any

import numexpr as ne
import numpy as np
from scipy import special

__all__ = ["f", "g"]


def _sign(x: float) -> float:
    """-1, 0 or 1."""
    return float((x > 0.0) - (x < 0.0)) if x == x else x


def f(x: Any, y: float = 2.0) -> Any:
    """A function."""
    with np.errstate(all="ignore"):
        a = ne.evaluate("where(x > 0, exp(-x), 1.0)", local_dict={"x": x})
    b = np.where(x > 0, np.sqrt(x), special.jv(0.0, y)) if np.ndim(x) else math.sqrt(y)
    return (a, [b[0], x.shape], {"k": _sign(y)})


def g(p: Any) -> Any:
    return type(p)(p.rate, f(p.rate))
'''

HOSTILE = [
    "import os\n",
    "import os as math\n",
    "from os import system\n",
    "from numpy import load\n",
    "import numpy as np\nimport math as np\n",
    "import scipy.special\nscipy.io.loadmat(1)\n",
    "import numpy\nnumpy.load(1)\n",
    "import numpy as eval_\neval_.load(1)\n",
    "x_1 = eval\n",
    "import numexpr as ne\ndef f(x):\n    e = ne\n    return e.evaluate(x)\n",
    "from . import f\n",
    "import numpy as np\nnp.load('file')\n",
    "import numpy as np\nnp.random.seed(1)\n",
    "import math\nmath.__loader__\n",
    "def f(x):\n    return eval(x)\n",
    "def f(x):\n    return __import__('os')\n",
    "def f(x):\n    return open('a')\n",
    "def f(x):\n    return getattr(x, 'y')\n",
    "def f(x):\n    return x.__class__\n",
    "def f(x):\n    return x.secret\n",
    "def f(x):\n    return x._private\n",
    "def f(x):\n    return x(1)\n",
    "def f(x):\n    return x[0](1)\n",
    "def f(x):\n    return type(x, (), {})(1)\n",
    "def f(x):\n    return undefined\n",
    "def f(x):\n    global y\n    y = x\n",
    "def f(x):\n    return lambda: x\n",
    "def f(x):\n    del x\n",
    "def f(x):\n    yield x\n",
    "async def f(x):\n    return x\n",
    "class A:\n    pass\n",
    "@abs\ndef f(x):\n    return x\n",
    "def f(x):\n    return f'{x.secret!r}'\n",
    "def __getattr__(x):\n    return x\n",
    "__builtins__ = 1\n",
    "import numexpr as ne\ndef f(x):\n    return ne.evaluate(\"__import__('os').system('true')\")\n",
    'import numexpr as ne\ndef f(x):\n    return ne.evaluate("x.real")\n',
    "import numexpr as ne\ndef f(x):\n    return ne.evaluate(\"'text'\")\n",
    'import numexpr as ne\ndef f(x):\n    return ne.evaluate("[x for x in y]")\n',
    'import numexpr as ne\ndef f(x):\n    return ne.evaluate("(lambda: 1)()")\n',
    "import numexpr as ne\ndef f(x):\n    return ne.evaluate(x)\n",
    "import numexpr as ne\ndef f(x):\n    return ne.set_vml_num_threads(1)\n",
    "def f(x):\n    return (\n",
    "def f(x):\n    '''\n    a\n",
    "x = 1\x00\n",
]


def test_what_symdiff_writes_passes() -> None:
    check(GOOD, names={"rate"})


def test_names_that_arguments_have_taken_are_reached_by_others() -> None:
    check(
        "import numpy as np_1\nimport scipy.special\n\nabs_1 = abs\n\n\n"
        "def f(np, abs, special):\n    return abs_1(np_1.sin(np)) + scipy.special.jv(abs, special)\n"
    )


def test_the_fields_of_classes_must_be_named() -> None:
    with pytest.raises(CheckError, match="the attribute rate"):
        check(GOOD)


@pytest.mark.parametrize("text", HOSTILE)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(CheckError):
        check(text)


COMPLETE = [text for text in HOSTILE if text.startswith("def f") and "(\n" not in text and "'''" not in text]


@pytest.mark.parametrize("text", COMPLETE)
def test_nothing_hides_far_down(text: str) -> None:
    """The text is read in pieces: what is refused at the start is refused behind a thousand lines."""
    before = "def f(x):\n" + "".join(f"    v{number} = x + {number}.0\n" for number in range(1000))
    body = text.partition("\n")[2]
    with pytest.raises(CheckError):
        check(before + body)


def test_the_line_is_named() -> None:
    before = "def f(x):\n" + "".join(f"    v{number} = x + {number}.0\n" for number in range(1000))
    with pytest.raises(CheckError, match="generated line 1002 is not on the allow-list: the name eval"):
        check(before + "    return eval(x)\n")


def test_a_string_over_many_lines_hides_nothing() -> None:
    """A piece that ends inside a string does not parse, so the next one cannot start in the middle of it."""
    inside = "".join(f"    line {number} of the docstring = (\n" for number in range(1500))
    text = f'def f(x):\n    """{inside}    """\n    return eval(x)\n'
    with pytest.raises(CheckError, match="the name eval"):
        check(text)
    check(text.replace("eval(x)", "x"))


@pytest.mark.parametrize("name", ["x", "lambda_", "α", "_f"])
def test_identifiers(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize("name", ["", "1x", "a b", "lambda", "__import__", "__import__('os')", "a;b", "x\n", "a.b"])
def test_no_identifiers(name: str) -> None:
    assert not is_identifier(name)
