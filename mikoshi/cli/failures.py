"""What exceptions mean to the person at the keyboard."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import click

from mikoshi.text import clock
from mikoshi.text.errors import BadInputError, ChainError, DefectError, MikoshiError, NotNowError
from mikoshi.text.files import UnwrittenError
from mikoshi.text.language import N_, BrokenCatalogError, _, use
from mikoshi.text.paths import checkout

if TYPE_CHECKING:
    from mikoshi.cli.session import Session

_NO_WRITING = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EISDIR,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


_INTERRUPTED = 130
"""The exit code that Ape makes of Ctrl-C."""


def end(session: Session, error: BaseException) -> NoReturn:
    """End a command in three lines and an exit code; click's own errors go on to click."""
    if isinstance(error, click.ClickException | click.exceptions.Exit):
        raise error
    if isinstance(error, SystemExit) and error.code != _INTERRUPTED:
        raise error
    stopped = isinstance(error, KeyboardInterrupt | SystemExit | click.Abort)
    if session.options.debug:
        import traceback

        from mikoshi.chain.settings import redacted

        click.echo(redacted("".join(traceback.format_exception(error))), err=True, nl=False)
    if stopped and sys.stderr.isatty():
        click.echo(err=True)  # what follows stands on a line of its own
    known = interrupted(session.sending) if stopped else explained(error, session.now)
    known.sent = session.sent
    try:
        session.out.fail(known)
    except BrokenCatalogError as broken:  # a failure's own words may be among those
        known = speechless(broken)
        session.out.fail(known)
    raise click.exceptions.Exit(known.exit_code)


def interrupted(sending: bool) -> MikoshiError:
    """The end by Ctrl-C or of the input; `sending` if something may have been sent before."""
    if sending:
        return NotNowError(
            "command.stopped-while-sending",
            N_("Stopped while sending"),
            N_("what was sent before may still be mined"),
            N_("Run the same command again: it continues"),
        )
    return NotNowError(
        "command.stopped",
        N_("Stopped; nothing was sent"),
        N_("by Ctrl-C, or because the input ended"),
        N_("Run the same command again to begin anew"),
    )


def speechless(error: BrokenCatalogError) -> MikoshiError:
    """That a catalog cannot be used; told in English, which needs none."""
    use("en")
    return BadInputError(
        "catalog.broken",
        N_("The texts in the language {language} cannot be used"),
        N_("a placeholder is wrong in: {text}") if error.text else N_("they are not compiled"),
        N_("Mend the catalog and run `make messages`, or read English: --lang en"),
        language=error.language,
        text=error.text,
    )


def explained(error: BaseException, now: Callable[[], int] = clock.now) -> MikoshiError:
    """An exception in words. One that nobody expected is a DefectError.

    `now` gives the chain's time in Unix seconds, where there is a chain.
    """
    if isinstance(error, MikoshiError):
        return error
    if isinstance(error, BrokenCatalogError):
        return speechless(error)
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("mikoshi"):
        return _missing_package(str(error.name))
    if isinstance(error, OSError) and error.errno in _NO_WRITING:
        return UnwrittenError(error, error.filename or _("stdout"))  # every file has its name
    return _of_the_chain(error, now) or _defect(error)


def _of_the_chain(error: BaseException, now: Callable[[], int]) -> MikoshiError | None:
    from mikoshi.chain.contract import ContractRevertedError
    from mikoshi.chain.rpc import RevertedError, RpcError
    from mikoshi.core.dao import interface
    from mikoshi.words.refusals import refusal
    from mikoshi.words.reverts import ContractRefusesError

    if isinstance(error, ContractRevertedError) and not error.data and error.__cause__ is not None:
        error = error.__cause__ if isinstance(error.__cause__, RevertedError) else error
    if isinstance(error, ContractRevertedError):
        time = now()
        return refusal(error, time) or ContractRefusesError(
            error.revert, error.data, time, error.call
        )
    if isinstance(error, RevertedError):
        return ChainError(
            "transaction.failed",
            N_("A transaction was mined and failed"),
            N_("{reason}; without a reason, it usually ran out of gas"),
            N_("It changed nothing but the gas it cost; run the command again"),
            transaction=error.receipt["transactionHash"],
            reason=str(error),
        )
    if isinstance(error, RpcError):
        revert = interface().decode_revert(error.data) if error.data else None
        if revert is not None:
            return ContractRefusesError(revert, error.data, now())
        return ChainError(
            "node.refused",
            N_("The node refused"),
            "{method}: {message} ({code})",
            N_("Run the command again, or name another node with --network"),
            method=error.method,
            message=error.message,
            code=error.code,
        )
    return None


def _missing_package(name: str) -> MikoshiError:
    return BadInputError(
        "tool.package-missing",
        N_("The Python package {name} is missing"),
        N_("the set-up was not finished"),
        N_("Run `{remedy}`"),
        name=name,
        remedy="rm -rf .venv && make setup" if checkout() else "pip install --upgrade mikoshi",
    )


def _defect(error: BaseException) -> MikoshiError:
    from mikoshi.chain.settings import redacted

    return DefectError(
        "defect.unexpected",
        N_("Something unexpected happened"),
        "{name}: {error}",
        N_("This is a defect of Mikoshi: run again with --debug, and report what it prints"),
        name=type(error).__name__,
        error=redacted(str(error)),
    )
