"""The exceptions: each has a stable code, the user's line with a caret, a cause, and a fix that can be pasted.

In: what went wrong, where, why, how to mend it. Out: at most twelve lines of text. The docstring of a class is what
`symdiff explain CODE` prints.
"""

from typing import ClassVar

from symdiff.origin import Origin


class SymdiffError(Exception):
    """The base of every error that symdiff raises on purpose."""

    code: ClassVar[str] = "SD000"

    def __init__(
        self,
        summary: str,
        *,
        origin: Origin | None = None,
        label: str = "",
        why: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(summary)
        self.summary = summary
        self.origin = origin
        self.label = label
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        lines = [f"[{self.code}]: {self.summary}", *self._excerpt()]
        lines += [f"{title} {text}" for title, text in (("why: ", self.why), ("fix: ", self.fix)) if text]
        return "\n".join([*lines, f"more: symdiff explain {self.code}"])

    def _excerpt(self) -> list[str]:
        """The user's line with carets under the part that is meant."""
        origin = self.origin
        if origin is None or origin.line is None:
            return []
        lines = [f"  --> {origin.filename}:{origin.line} in {origin.function}"]
        text = origin.text
        if not text:
            return lines
        number, margin = f"{origin.line:4d}", " " * 4
        lines.append(f"{number} | {text}")
        if origin.columns is not None:
            start, end = (len(text.encode()[:column].decode(errors="ignore")) for column in origin.columns)
            carets = " " * start + "^" * max(1, end - start)
            lines.append(f"{margin} | {carets} {self.label}".rstrip())
        return lines


class TraceError(SymdiffError):
    """The function cannot be traced."""

    code = "SD100"


class BranchError(TraceError):
    """Too many branches depend on traced values."""

    code = "SD101"


class LoopError(TraceError):
    """The number of rounds of a loop depends on a traced value."""

    code = "SD102"


class ConversionError(TraceError):
    """A traced value was asked for its number."""

    code = "SD103"


class UnsupportedError(TraceError):
    """A function, method or keyword that symdiff does not know was applied to a traced value."""

    code = "SD104"


class ShapeError(TraceError):
    """Shapes that do not fit each other, or do not fit the call."""

    code = "SD105"


class AssignmentError(TraceError):
    """An assignment into a traced value."""

    code = "SD106"


class OutputError(TraceError):
    """What the function returns is not made of numbers."""

    code = "SD107"


class ArgumentError(SymdiffError):
    """An argument of symdiff's own functions: a name that is not a parameter, an order below 0, …"""

    code = "SD201"


class ScalarOutputError(SymdiffError):
    """`grad` and `hessian` want a function with one scalar output."""

    code = "SD202"


class BackendError(SymdiffError):
    """An unknown backend, or one that cannot express the program."""

    code = "SD203"


class ExpressionError(SymdiffError):
    """A closed form that cannot be written out as one SymPy expression, or an expression that is no function of ours."""

    code = "SD204"


class TargetError(SymdiffError):
    """A target of `symdiff generate` that cannot be found or loaded."""

    code = "SD301"


class ConfigurationError(SymdiffError):
    """A mistake in `[tool.symdiff]`."""

    code = "SD302"


class OutputFileError(SymdiffError):
    """A file that must not, or cannot, be written."""

    code = "SD303"


class VerificationError(SymdiffError):
    """The generated code does not agree with the independent evaluation in mpmath."""

    code = "SD304"


class CheckError(SymdiffError):
    """A Program that is not well formed: a defect of symdiff's own."""

    code = "SD900"
