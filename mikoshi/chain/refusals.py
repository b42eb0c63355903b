"""Why nothing is sent, or what was sent was not seen mined, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mikoshi.text.errors import BadInputError, ChainError
from mikoshi.text.language import pick
from mikoshi.text.people import short
from mikoshi.text.units import format_amount

if TYPE_CHECKING:
    from mikoshi.chain.accounts import Account


class OvertakenError(ChainError):
    """Thrown when another program sent a transaction of the account with the same nonce."""

    def __init__(self, name: str) -> None:
        super().__init__(
            pick(
                f"Another program sent a transaction of account {name} at the same moment",
                f"別のプログラムが、同時にアカウント {name} から取引を送りました",
            ),
            pick(
                "so this one was refused, and changed nothing",
                "この取引は拒まれ、何も変わっていません",
            ),
            pick("Run the same command again", "同じコマンドをもう一度実行してください"),
        )


def wrong_chain(expected: int, actual: int, file: str = "") -> BadInputError:
    """The refusal to work on another chain than the one that was meant, by `file` if given."""
    meant = file or pick("this command", "このコマンド")
    return BadInputError(
        pick(
            f"The node is on chain {actual}, and {meant} is for chain {expected}",
            f"ノードはチェーン {actual} ですが、{meant} はチェーン {expected} 用です",
        ),
        pick(
            "what is meant for one chain must not happen on another",
            "別のチェーンで実行してはなりません",
        ),
        pick(
            f"Name a node of chain {expected} with --network, or correct dao.chain_id;"
            " nothing was sent",
            f"--network でチェーン {expected} のノードを指定するか、dao.chain_id を直してください"
            "(まだ何も送っていません)",
        ),
    )


def too_little(account: Account, chain_id: int, balance: int, needed: int) -> BadInputError:
    """The refusal to send what the account cannot pay for; both in wei."""
    has, needs, lacks = (
        format_amount(wei, "ETH", digits=4) for wei in (balance, needed, needed - balance)
    )
    who = f"{account.name} ({short(account.address)})"
    return BadInputError(
        pick(f"{who} has too little: {has}", f"{who} の残高が足りません: {has}"),
        pick(
            f"up to {needs} is needed, {lacks} is missing",
            f"最大 {needs} 必要で、{lacks} 足りません",
        ),
        pick(
            f"Send it to {account.address} on chain {chain_id}, and run the command again;"
            " nothing was sent",
            f"チェーン {chain_id} の {account.address} に送金して、もう一度実行してください"
            "(まだ何も送っていません)",
        ),
    )


def stuck(account: Account, nonce: int, count: int) -> ChainError:
    """That `count` transactions of the account are not mined, the first with this nonce."""
    name, address = account.name, account.address
    several = f"{count} transactions that are not mined, from nonce {nonce} on"
    what = several if count > 1 else f"a transaction that is not mined, with nonce {nonce}"
    return ChainError(
        pick(
            f"Account {name} has {what}",
            f"アカウント {name} に、まだ取り込まれていない取引が{count}件あります"
            f"(ノンス {nonce}{'から' if count > 1 else ''})",
        ),
        pick("it may be one of this very job", "この作業の続きかもしれません"),
        pick(
            f"Wait until it is mined; or, in a wallet that has {address}, speed up or cancel the"
            f" transaction with nonce {nonce} (cancel: send 0 ETH to {address} with the same nonce"
            " and a higher fee). Then run the command again; nothing was sent",
            f"取り込まれるのを待つか、{address} を入れたウォレットで、ノンス {nonce} の取引を"
            f"「高速化」または「キャンセル」してください(キャンセル: 同じノンスとより高い手数料で、"
            f"{address} に 0 ETH を送る)。そのあと、もう一度実行してください"
            "(まだ何も送っていません)",
        ),
    )


def gone(digest: str, reason: str) -> ChainError:
    """That a transaction which was sent was not seen mined in time."""
    return ChainError(
        pick(f"Transaction {digest} was not seen mined", f"取引 {digest} を確認できませんでした"),
        reason,
        pick(
            "Run the same command again: it finds what was done and continues",
            "同じコマンドをもう一度実行してください(済んだところから続きます)",
        ),
    )
