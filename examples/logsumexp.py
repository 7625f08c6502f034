"""A custom primitive: log(sum(exp(x))), whose derivative is given and is used at every order.

In: a function that shifts by the largest element, and its reverse rule. Out: gradients that neither overflow nor
differentiate the shift, and a module that stands alone, with the body and the rule written out.
"""

from typing import Any

import numpy as np

import symdiff as sd


@sd.primitive(inline=True)
def logsumexp(x: Any) -> Any:
    """log(sum(exp(x))), computed so that no exponential overflows."""
    largest = np.max(x)
    return largest + np.log(np.sum(np.exp(x - largest)))


# As autograd has it: for each argument a function of the result and the arguments that gives the pull-back.
sd.defvjp(logsumexp, lambda ans, x: lambda g: np.full(x.shape, g) * np.exp(x - np.full(x.shape, ans)))


def example(y: Any) -> Any:
    """A function that calls the primitive on the way."""
    z = y**2
    return np.sum(logsumexp(z))


POINT = np.array([1.5, 6.7, 1e-10])
GRADIENT = sd.grad(example)
HESSIAN = sd.hessian(example)


def module() -> str:
    """The gradient as a module that imports NumPy alone."""
    return sd.generate(example, emit=["grad"], shapes={"y": 3}).text


def main() -> None:
    """Print gradient and Hessian, check them by differences, and print the generated function."""
    print("gradient:", GRADIENT(POINT))
    print("diagonal of the Hessian:", np.diag(HESSIAN(POINT)))
    sd.check_grads(example, modes=["rev"], order=2)(POINT)
    print("gradient at 1000 times the point:", GRADIENT(1000.0 * POINT))
    text = module()
    print(text[text.index("def example_grad") :])


if __name__ == "__main__":
    main()
