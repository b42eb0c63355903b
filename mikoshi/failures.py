"""What exceptions mean to the person at the keyboard."""

from __future__ import annotations

import errno
from collections.abc import Callable

from mikoshi import clock
from mikoshi.errors import BadInputError, ChainError, DefectError, MikoshiError, NotNowError
from mikoshi.files import reason_of
from mikoshi.language import pick

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
            pick("Stopped while sending", "送信中に中止しました"),
            pick(
                "what was sent before may still be mined",
                "送った取引は、このあと取り込まれることがあります",
            ),
            pick(
                "Run the same command again: it continues",
                "同じコマンドをもう一度実行してください(続きから始まります)",
            ),
        )
    return NotNowError(
        pick("Stopped; nothing was sent", "中止しました(何も送っていません)"),
        pick("by Ctrl-C, or because the input ended", "Ctrl-C か、入力の終わりによります"),
        pick("Run the same command again to begin anew", "もう一度実行すると、はじめから行います"),
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
    from mikoshi.ballots.refusals import refusal
    from mikoshi.contract import ContractRevertedError
    from mikoshi.dao import interface
    from mikoshi.networks import host_of
    from mikoshi.reverts import in_words
    from mikoshi.rpc import RevertedError, RpcError, UnreachableError

    if isinstance(error, UnreachableError):
        return ChainError(
            pick(
                f"No answer from the node at {host_of(error.url)}",
                f"ノード {host_of(error.url)} から応答がありません",
            ),
            error.reason,
            pick(
                "Check the connection or name another node with --network, then run the command"
                " again: it continues",
                "接続を確かめるか --network で別のノードを指定し、もう一度実行してください"
                "(続きから始まります)",
            ),
        )
    if isinstance(error, ContractRevertedError) and not error.data and error.__cause__ is not None:
        error = error.__cause__ if isinstance(error.__cause__, RevertedError) else error
    if isinstance(error, ContractRevertedError):
        time = now()
        said = in_words(error.revert, time) or str(error.revert or f"0x{error.data.hex()}")
        return refusal(error, time) or NotNowError(
            pick(
                f"The contract does not allow {error.call}",
                f"コントラクトが {error.call} を認めません",
            ),
            said,
            pick(
                "Nothing was changed; run the command again when this is settled",
                "何も変わっていません。解決したら、もう一度実行してください",
            ),
        )
    if isinstance(error, RevertedError):
        return ChainError(
            pick("A transaction was mined and failed", "取引は取り込まれましたが、失敗しました"),
            pick(
                f"{error}; without a reason, it usually ran out of gas",
                f"{error}(理由がなければ、多くはガス不足です)",
            ),
            pick(
                "It changed nothing but the gas it cost; run the command again",
                "手数料のほかは何も変わっていません。もう一度実行してください",
            ),
        )
    if isinstance(error, RpcError):
        revert = interface().decode_revert(error.data) if error.data else None
        if words := in_words(revert, now()):
            return NotNowError(
                pick("The contracts refuse", "コントラクトが認めません"),
                words,
                pick(
                    "This was not sent; run the command again when it is settled",
                    "これは送っていません。解決したら、もう一度実行してください",
                ),
            )
        return ChainError(
            pick("The node refused", "ノードが拒否しました"),
            f"{error.method}: {error.message} ({error.code})",
            pick(
                "Run the command again, or name another node with --network",
                "もう一度実行するか、--network で別のノードを指定してください",
            ),
        )
    return None


def _of_the_computer(error: BaseException) -> MikoshiError | None:
    from mikoshi.manifest import UnwrittenError
    from mikoshi.node import NodeError
    from mikoshi.paths import ToolMissingError

    if isinstance(error, ToolMissingError):
        return BadInputError(
            pick(f"{error.tool} is not installed", f"{error.tool} がありません"),
            pick(f"{error.path} does not exist", f"{error.path} が見つかりません"),
            pick("Run `make setup`", "`make setup` を実行してください"),
        )
    if isinstance(error, UnwrittenError) or (
        isinstance(error, OSError) and error.errno in _NO_WRITING
    ):
        name = error.filename or pick("stdout", "標準出力")  # every file has its name
        return BadInputError(
            pick(f"{name} cannot be written", f"{name} に書けません"),
            reason_of(error),
            pick(
                "Make room or name another place, then run the command again",
                "空きを作るか別の場所を指定し、もう一度実行してください",
            ),
        )
    if isinstance(error, NodeError):
        return ChainError(
            pick("The local node did not start", "ローカルのノードが起動しません"),
            str(error),
            pick("See `ape run doctor`", "`ape run doctor` で確かめてください"),
        )
    return None


def _missing_package(name: str) -> MikoshiError:
    return BadInputError(
        pick(f"The Python package {name} is missing", f"Python のパッケージ {name} がありません"),
        pick("the set-up was not finished", "セットアップが終わっていません"),
        pick(
            "Run `rm -rf .venv && make setup`",
            "`rm -rf .venv && make setup` を実行してください",
        ),
    )


def _defect(error: BaseException) -> MikoshiError:
    return DefectError(
        pick("Something unexpected happened", "予期しないことが起きました"),
        f"{type(error).__name__}: {error}",
        pick(
            "This is a defect of Mikoshi: run again with --debug, and report what it prints",
            "Mikoshi の不具合です。--debug を付けて実行し、表示された内容を報告してください",
        ),
    )
