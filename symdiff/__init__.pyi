"""The public names: what is imported here is what `symdiff` has. `__init__.py` reads this file too."""

from symdiff.api import deriv as deriv
from symdiff.api import derivative as derivative
from symdiff.api import elementwise_grad as elementwise_grad
from symdiff.api import grad as grad
from symdiff.api import hessian as hessian
from symdiff.api import hvp as hvp
from symdiff.api import jacobian as jacobian
from symdiff.api import jvp as jvp
from symdiff.api import lambdify as lambdify
from symdiff.api import make_hvp as make_hvp
from symdiff.api import make_jvp as make_jvp
from symdiff.api import make_vjp as make_vjp
from symdiff.api import trace as trace
from symdiff.api import value_and_grad as value_and_grad
from symdiff.api import vjp as vjp
from symdiff.build.generate import generate as generate
from symdiff.errors import ArgumentError as ArgumentError
from symdiff.errors import AssignmentError as AssignmentError
from symdiff.errors import BackendError as BackendError
from symdiff.errors import BranchError as BranchError
from symdiff.errors import CheckError as CheckError
from symdiff.errors import ConfigurationError as ConfigurationError
from symdiff.errors import ConversionError as ConversionError
from symdiff.errors import ExpressionError as ExpressionError
from symdiff.errors import LoopError as LoopError
from symdiff.errors import OutputError as OutputError
from symdiff.errors import OutputFileError as OutputFileError
from symdiff.errors import ScalarOutputError as ScalarOutputError
from symdiff.errors import ShapeError as ShapeError
from symdiff.errors import SymdiffError as SymdiffError
from symdiff.errors import TargetError as TargetError
from symdiff.errors import TraceError as TraceError
from symdiff.errors import UnsupportedError as UnsupportedError
from symdiff.errors import VerificationError as VerificationError
from symdiff.surface.primitives import defjvp as defjvp
from symdiff.surface.primitives import defvjp as defvjp
from symdiff.surface.primitives import primitive as primitive

__version__: str
