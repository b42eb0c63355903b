"""What goes wrong, told to the person at the keyboard: what, why, what to do next.

Each class is one exit code of the commands. A text is in the language of `mikoshi.text.language`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class MikoshiError(Exception):
    """Thrown when a command cannot go on. Not raised itself: its subclasses say why."""

    exit_code: ClassVar[int]

    def __init__(self, what: str, why: str | Sequence[str], hint: str) -> None:
        """`why` may be several lines, one for each reason; `hint` is what to do next."""
        self.what = what
        self.reasons = [why] if isinstance(why, str) else list(why)
        self.hint = hint
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """What is printed, without decoration."""
        return [self.what, *self.reasons, self.hint]

    def as_json(self) -> dict[str, object]:
        """The same for `--json`."""
        return {
            "error": {
                "code": self.exit_code,
                "what": self.what,
                "why": self.reasons,
                "next": self.hint,
            }
        }


class CheckFailedError(MikoshiError):
    """Thrown when a check found a difference or an alarm rang: exit code 1."""

    exit_code = 1


class BadInputError(MikoshiError):
    """Thrown when a file, an option, an account or a program is wrong or missing: exit code 2."""

    exit_code = 2


class ChainError(MikoshiError):
    """Thrown when the chain or its node refuses, fails or cannot be reached: exit code 3."""

    exit_code = 3


class NotNowError(MikoshiError):
    """Thrown when the DAO's rules do not allow it, or do not allow it yet: exit code 4."""

    exit_code = 4


class DefectError(MikoshiError):
    """Thrown for what should not happen, a defect of Mikoshi itself: exit code 70 (EX_SOFTWARE)."""

    exit_code = 70
