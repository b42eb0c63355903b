"""The one signed act in what somebody gives, and what it is called by."""

from __future__ import annotations

from eth_utils.crypto import keccak

from mikoshi.ballots.file import FileError
from mikoshi.ballots.line import ALPHABET, MARK, lines_in, to_line
from mikoshi.ballots.signed import Signed
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_


class NoLineError(BadInputError):
    """Thrown for a text without a line that somebody signed."""

    def __init__(self, found: int, problem: FileError | None) -> None:
        why = N_("nothing in it begins with {mark}")
        if found:
            why = "{problem}" if problem else N_("there are {found} of them")
        super().__init__(
            "serve.no-line",
            N_("One signed act is taken at a time, and there is not exactly one here"),
            why,
            N_("Send the whole line, which begins with {mark}"),
            found=found,
            problem=problem,
            mark=MARK,
        )


def read_line(text: str) -> tuple[str, str, Signed]:
    """The id, the line itself and what it says, of a text with one signed act.

    Raises NoLineError.
    """
    found = [each for _, each in lines_in(text)]
    signed = next((each for each in found if isinstance(each, Signed)), None)
    if signed is None or len(found) > 1:
        problem = next((each for each in found if isinstance(each, FileError)), None)
        raise NoLineError(len(found), problem)
    line = to_line(signed)
    number = 0
    for digit in line[len(MARK) + 2 :]:
        number = number * 58 + ALPHABET.index(digit)
    content = number.to_bytes((number.bit_length() + 7) // 8)[:-4]
    return f"0x{keccak(content).hex()}", line, signed
