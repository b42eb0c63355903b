"""Why a deployment is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path

from mikoshi.contract import Contract
from mikoshi.dao import DEPLOYMENT_PROXY, Deployment
from mikoshi.errors import BadInputError, ChainError, CheckFailedError, NotNowError
from mikoshi.fees import GAS_CAP
from mikoshi.language import pick
from mikoshi.manifest import Manifest
from mikoshi.paths import shown
from mikoshi.reverts import in_words
from mikoshi.rpc import RpcError


def no_proxy(chain_id: int) -> ChainError:
    """The chain has no deployment proxy."""
    return ChainError(
        pick(
            f"Chain {chain_id} lacks the deployment proxy {DEPLOYMENT_PROXY}",
            f"チェーン {chain_id} にデプロイ用プロキシ {DEPLOYMENT_PROXY} がありません",
        ),
        pick(
            "the shared contracts get the same addresses on every chain through it; nearly every"
            " public network has it",
            "共通コントラクトを全チェーンで同じアドレスに置くために使います"
            "(ほぼすべての公開ネットワークにあります)",
        ),
        pick(
            "Use a network that has it, or put it there as"
            " github.com/Arachnid/deterministic-deployment-proxy says; nothing was sent",
            "プロキシのあるネットワークを使うか、"
            "github.com/Arachnid/deterministic-deployment-proxy の手順で設置してください"
            "(まだ何も送っていません)",
        ),
    )


def other_code(deployment: Deployment) -> ChainError:
    """The chain is not an honest one."""
    return ChainError(
        pick(
            f"The chain has other code than {deployment.name} at {deployment.address}",
            f"{deployment.address} に {deployment.name} とは別のコードがあります",
        ),
        pick(
            "that address can only come from this very code on an honest chain",
            "正しいチェーンでは起こりえません",
        ),
        pick("Name another node with --network", "--network で別のノードを指定してください"),
    )


def refused(factory: Contract, error: RpcError, file: str, now: int) -> BadInputError:
    """The factory says no; `now` is the chain's time in Unix seconds."""
    revert = factory.interface.decode_revert(error.data)
    return BadInputError(
        pick("The factory would refuse this DAO", "ファクトリーがこのDAOを受け付けません"),
        in_words(revert, now) or str(revert or f"0x{error.data.hex()}"),
        pick(
            f"Correct {file} and run the command again; nothing was sent",
            f"{file} を直して、もう一度実行してください(まだ何も送っていません)",
        ),
    )


def too_large(gas: int) -> BadInputError:
    """The creation takes more gas than a transaction may."""
    return BadInputError(
        pick(
            "The creation does not fit into one transaction",
            "作成が1つの取引に収まりません",
        ),
        pick(
            f"it takes about {gas:,} gas, and a transaction may use {GAS_CAP:,} (EIP-7825)",
            f"約 {gas:,} ガス必要ですが、1取引の上限は {GAS_CAP:,} です(EIP-7825)",
        ),
        pick(
            "Name fewer first members or grants; nothing was sent",
            "最初のメンバーか配布を減らしてください(まだ何も送っていません)",
        ),
    )


def nobody_admits(count: int, file: str) -> BadInputError:
    """There are too many first members, and no steward."""
    return BadInputError(
        pick(
            f"{count} first members do not fit into the creation, and nobody could admit them",
            f"{count}人が作成の取引に収まらず、迎えられる人もいません",
        ),
        pick(
            f"the others are admitted by the steward, and {file} has none",
            f"残りの人はスチュワードが迎えますが、{file} にいません",
        ),
        pick(
            "Add [steward], or name fewer first members; nothing was sent",
            "[steward] を加えるか、最初のメンバーを減らしてください(まだ何も送っていません)",
        ),
    )


def beyond_cap(count: int, cap: int) -> BadInputError:
    """The steward may not admit as many."""
    return BadInputError(
        pick(
            f"{count} members are to be admitted after the creation, and the steward may admit"
            f" {cap} in 30 days",
            f"作成後に迎える人は {count}人ですが、スチュワードが30日に迎えられるのは {cap}人です",
        ),
        pick("steward.members_per_epoch is the limit", "steward.members_per_epoch が上限です"),
        pick(
            "Raise it, or name fewer first members; nothing was sent",
            "上限を上げるか、最初のメンバーを減らしてください(まだ何も送っていません)",
        ),
    )


def vanished(record: Manifest, path: Path) -> ChainError:
    """The record speaks of a DAO that the chain does not have."""
    return ChainError(
        pick(
            f"Chain {record.chain_id} has no {record.name} at {record.addresses['treasury']}",
            f"チェーン {record.chain_id} の {record.addresses['treasury']} に"
            f" {record.name} がありません",
        ),
        pick(
            f"{shown(path)} says that it was created in block {record.block}",
            f"{shown(path)} には、ブロック {record.block} で作られたとあります",
        ),
        pick(
            "Name a node of the right chain, in step with it, with --network; if the test network"
            " was reset, as by a restart of anvil, move the record away; nothing was sent",
            "--network で、正しいチェーンに同期したノードを指定してください。anvil の再起動などで"
            "テストネットがリセットされた場合は、記録を別の場所へ移してください"
            "(まだ何も送っていません)",
        ),
    )


def twin_words(twin: Manifest) -> str:
    """That the chain has such a DAO already."""
    return pick(
        f"This chain has a {twin.name} with these members and this charter already, created in"
        f" block {twin.block:,}",
        f"このチェーンには、同じメンバーと憲章の {twin.name} がすでにあります"
        f"(ブロック {twin.block:,} で作成)",
    )


def twin_there(twin: Manifest, command: str) -> NotNowError:
    """A second DAO would be made; `command` goes on with the first."""
    return NotNowError(
        twin_words(twin),
        pick(
            f"this would make a second one, and forget that at {twin.addresses['treasury']}",
            f"このままでは2つ目ができ、{twin.addresses['treasury']} のDAOが忘れられます",
        ),
        pick(
            f"Copy its record from whoever deployed it, or write it anew with `{command}`; --second"
            " makes a second one all the same; nothing was sent",
            f"デプロイした人から記録をもらうか、`{command}` で書き直してください。"
            "それでも2つ目を作るなら --second を付けます(まだ何も送っていません)",
        ),
    )


def not_made_here(treasury: str, factory: str) -> ChainError:
    """The factory of this version has made no such DAO."""
    return ChainError(
        pick(
            f"There is no DAO of this version at {treasury}",
            f"{treasury} に、このバージョンのDAOはありません",
        ),
        pick(
            f"the factory {factory} announced none with this treasury",
            f"ファクトリー {factory} の作成記録に、このトレジャリーはありません",
        ),
        pick(
            "Name the treasury's address, and a node of the right chain that has all events",
            "トレジャリーのアドレスと、全イベントを返す正しいチェーンのノードを指定してください",
        ),
    )


def unreadable(treasury: str, digest: str) -> ChainError:
    """The creation went through another contract."""
    return ChainError(
        pick(
            f"The parameters of the DAO at {treasury} cannot be read",
            f"{treasury} のDAOの設定を読み取れません",
        ),
        pick(
            f"transaction {digest} is no call of the factory",
            f"取引 {digest} はファクトリーの呼び出しではありません",
        ),
        pick(
            "Copy the record from whoever deployed it",
            "デプロイした人から記録をもらってください",
        ),
    )


def impostor(made: Manifest, differences: list[str]) -> CheckFailedError:
    """What stands at the addresses is not what the factory makes."""
    return CheckFailedError(
        pick(
            f"The DAO at {made.addresses['treasury']} is not as its factory makes it",
            f"{made.addresses['treasury']} のDAOは、ファクトリーが作るものと違います",
        ),
        differences,
        pick(
            "Do not trust this DAO, or this node; try another with --network; nothing was written",
            "このDAO(またはノード)を信用しないでください。--network で別のノードも試してください"
            "(何も書いていません)",
        ),
    )


def other_record(known: Manifest, path: Path) -> NotNowError:
    """There is a record, of another DAO."""
    return NotNowError(
        pick(
            f"{shown(path)} is the record of another DAO",
            f"{shown(path)} は別のDAOの記録です",
        ),
        pick(
            f"its treasury is {known.addresses['treasury']}",
            f"トレジャリーは {known.addresses['treasury']} です",
        ),
        pick(
            "Move it away first; nothing was written",
            "先に別の場所へ移してください(何も書いていません)",
        ),
    )
