"""What exceptions mean to the person at the keyboard."""

from __future__ import annotations

from mikoshi.errors import BadInputError, ChainError, MikoshiError, NotNowError
from mikoshi.language import pick


def explained(error: Exception) -> MikoshiError | None:
    """A known exception in words; None for one that is a defect of Mikoshi."""
    from mikoshi.contract import ContractRevertedError
    from mikoshi.networks import host_of
    from mikoshi.node import NodeError
    from mikoshi.paths import ToolMissingError
    from mikoshi.rpc import RevertedError, RpcError, UnreachableError

    if isinstance(error, MikoshiError):
        return error
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
    if isinstance(error, ContractRevertedError):
        return NotNowError(
            pick(
                f"The contract does not allow {error.call}",
                f"コントラクトが {error.call} を認めません",
            ),
            str(error.revert or f"0x{error.data.hex()}"),
            pick("Nothing was changed", "何も変わっていません"),
        )
    if isinstance(error, RevertedError):
        return ChainError(
            pick("A transaction was mined and failed", "取引は取り込まれましたが、失敗しました"),
            str(error),
            pick(
                "It changed nothing but the gas it cost; run the command again",
                "手数料のほかは何も変わっていません。もう一度実行してください",
            ),
        )
    if isinstance(error, RpcError):
        return ChainError(
            pick("The node refused", "ノードが拒否しました"),
            f"{error.method}: {error.message} ({error.code})",
            pick(
                "Run the command again, or name another node with --network",
                "もう一度実行するか、--network で別のノードを指定してください",
            ),
        )
    if isinstance(error, ToolMissingError):
        return BadInputError(
            pick(f"{error.tool} is not installed", f"{error.tool} がありません"),
            pick(f"{error.path} does not exist", f"{error.path} が見つかりません"),
            pick("Run `make setup`", "`make setup` を実行してください"),
        )
    if isinstance(error, NodeError):
        return ChainError(
            pick("The local node did not start", "ローカルのノードが起動しません"),
            str(error),
            pick("See `ape run doctor`", "`ape run doctor` で確かめてください"),
        )
    return None
