"""What a generated function says of itself: which derivative of which formula it is.

In: what the function claims to be. Out: text for its docstring; the formula is left out where it would fill the page.
"""

from symdiff.algebra.cost import cost, operation_count
from symdiff.emit.differences import Claim
from symdiff.errors import ExpressionError, ShapeError
from symdiff.ir.lengths import typical
from symdiff.ir.nodes import Call
from symdiff.ir.program import Program

_LONGEST = 300  # characters of a formula
_MOST_OPERATIONS = 60
_MOST_ELEMENTS = 10_000  # read or computed: SymPy sees each by itself
_WORDS = {
    "grad": "Gradient by {wrt}",
    "hgrad": "Complex derivative by {wrt}",
    "value_and_grad": "Value, and gradient by {wrt},",
    "grad_and_aux": "Gradient by {wrt} of the first result, and the second result,",
    "hess": "Second derivatives by {wrt}",
    "jac": "Jacobian by {wrt}",
    "jvp": "Jacobian by {wrt} times the tangent,",
    "vjp": "The cotangent times the Jacobian by {wrt}",
    "hvp": "Hessian by {wrt} times the vector,",
    "egrad": "Derivative element by element by {wrt}",
    "deriv": "Derivative along all ones by {wrt}",
    "derivative": "Derivative of order {order} by {wrt}",
}


def statement(claim: Claim) -> str:
    """One paragraph, and the formula as another.

    >>> from symdiff.tracing import trace_function
    >>> area = trace_function(lambda r, h=1.0: 3.0 * r * r * h)
    >>> print(statement(Claim("grad", area, area, ("r",))))
    Gradient by r of
    <BLANKLINE>
        f(r, h) = 3*h*r**2
    """
    primal = claim.primal
    call = f"{primal.name}({', '.join(parameter.name for parameter in primal.parameters)})"
    formula = formula_of(primal)
    if claim.kind == "value":
        return f"    {call} = {formula}" if formula else ""
    what = _WORDS[claim.kind].format(wrt=", ".join(claim.wrt), order=claim.order)
    return f"{what} of\n\n    {call} = {formula}" if formula else f"{what} of {call}."


def formula_of(program: Program) -> str:
    """The closed form in SymPy's words; the empty string where there is no single short one."""
    if program.structure.kind != "leaf" or program.outputs[0].shape or program.has_open_lengths:
        return ""
    if len(program.nodes()) > _MOST_OPERATIONS or operation_count(program.outputs) > _MOST_OPERATIONS:
        return ""
    if cost(program.outputs) + sum(float(typical(node.size)) for node in program.inputs) > _MOST_ELEMENTS:
        return ""
    if any(isinstance(node, Call) for node in program.nodes()):
        return ""
    from symdiff.algebra.sympy_view import to_sympy

    try:
        text = str(to_sympy(program))
    except (ExpressionError, ShapeError):  # whole arrays that no formula of scalars says
        return ""
    return text if len(text) <= _LONGEST else ""
