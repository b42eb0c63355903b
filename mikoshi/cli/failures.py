"""What exceptions mean to the person at the keyboard."""

from __future__ import annotations

import errno
from collections.abc import Callable

from mikoshi.text import clock
from mikoshi.text.errors import (
    BadInputError,
    ChainError,
    DefectError,
    Final,
    MikoshiError,
    NotNowError,
)
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_, _

_NO_WRITING = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EISDIR,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


def interrupted(sending: bool) -> MikoshiError:
    """The end by Ctrl-C or of the input; `sending` if something may have been sent before."""
    if sending:
        return NotNowError(
            "failures.interrupted",
            N_("Stopped while sending"),
            N_("what was sent before may still be mined"),
            N_("Run the same command again: it continues"),
        )
    return NotNowError(
        "failures.interrupted",
        N_("Stopped; nothing was sent"),
        N_("by Ctrl-C, or because the input ended"),
        N_("Run the same command again to begin anew"),
    )


def explained(error: BaseException, now: Callable[[], int] = clock.now) -> MikoshiError:
    """An exception in words. One that nobody expected is a DefectError.

    `now` gives the chain's time in Unix seconds, where there is a chain.
    """
    if isinstance(error, MikoshiError):
        return error
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("mikoshi"):
        return _missing_package(str(error.name))
    return _of_the_chain(error, now) or _of_the_computer(error) or _defect(error)


def _of_the_chain(error: BaseException, now: Callable[[], int]) -> MikoshiError | None:
    from mikoshi.chain.contract import ContractRevertedError
    from mikoshi.chain.networks import host_of
    from mikoshi.chain.rpc import RevertedError, RpcError, UnreachableError
    from mikoshi.core.dao import interface
    from mikoshi.words.refusals import refusal
    from mikoshi.words.reverts import in_words

    if isinstance(error, UnreachableError):
        return ChainError(
            "failures.of-the-chain",
            N_("No answer from the node at {host_of}"),
            Final(error.reason),
            N_(
                "Check the connection or name another node with --network, then run the "
                "command again: it continues"
            ),
            host_of=host_of(error.url),
        )
    if isinstance(error, ContractRevertedError) and not error.data and error.__cause__ is not None:
        error = error.__cause__ if isinstance(error.__cause__, RevertedError) else error
    if isinstance(error, ContractRevertedError):
        time = now()
        return refusal(error, time) or NotNowError(
            "contract.refuses",
            N_("The contract does not allow {call}"),
            Final(in_words(error.revert, time) or str(error.revert or f"0x{error.data.hex()}")),
            N_("Nothing was changed; run the command again when this is settled"),
            call=error.call,
        )
    if isinstance(error, RevertedError):
        return ChainError(
            "failures.of-the-chain",
            N_("A transaction was mined and failed"),
            N_("{error}; without a reason, it usually ran out of gas"),
            N_("It changed nothing but the gas it cost; run the command again"),
            error=error,
        )
    if isinstance(error, RpcError):
        revert = interface().decode_revert(error.data) if error.data else None
        if words := in_words(revert, now()):
            return NotNowError(
                "contract.refuses-estimate",
                N_("The contracts refuse"),
                Final(words),
                N_("This was not sent; run the command again when it is settled"),
            )
        return ChainError(
            "failures.of-the-chain",
            N_("The node refused"),
            "{method}: {message} ({code})",
            N_("Run the command again, or name another node with --network"),
            method=error.method,
            message=error.message,
            code=error.code,
        )
    return None


def _of_the_computer(error: BaseException) -> MikoshiError | None:
    from mikoshi.chain.node import NodeError
    from mikoshi.text.paths import ToolMissingError
    from mikoshi.text.writing import UnwrittenError

    if isinstance(error, ToolMissingError):
        return BadInputError(
            "failures.of-the-computer",
            N_("{tool} is not installed"),
            N_("{path} does not exist"),
            N_("Run `make setup`"),
            tool=error.tool,
            path=error.path,
        )
    if isinstance(error, UnwrittenError) or (
        isinstance(error, OSError) and error.errno in _NO_WRITING
    ):
        name = error.filename or _("stdout")  # every file has its name
        return BadInputError(
            "failures.of-the-computer",
            N_("{name} cannot be written"),
            Final(reason_of(error)),
            N_("Make room or name another place, then run the command again"),
            name=name,
        )
    if isinstance(error, NodeError):
        return ChainError(
            "failures.of-the-computer",
            N_("The local node did not start"),
            Final(str(error)),
            N_("See `ape run doctor`"),
        )
    return None


def _missing_package(name: str) -> MikoshiError:
    return BadInputError(
        "failures.missing-package",
        N_("The Python package {name} is missing"),
        N_("the set-up was not finished"),
        N_("Run `rm -rf .venv && make setup`"),
        name=name,
    )


def _defect(error: BaseException) -> MikoshiError:
    return DefectError(
        "failures.defect",
        N_("Something unexpected happened"),
        "{name}: {error}",
        N_("This is a defect of Mikoshi: run again with --debug, and report what it prints"),
        name=type(error).__name__,
        error=error,
    )
