"""What was built, and what the chain says of it."""

from __future__ import annotations

from pathlib import Path

from mikoshi.papers.metadata.files import CHARTER, DAO, Files
from mikoshi.text.console import Console
from mikoshi.text.language import pick


def show_files(out: Console, files: Files, folder: Path, base: str, again: str) -> None:
    """How many files there are, what they lack, and how they become known.

    `again` is the command that built them.
    """
    count = len(files.contents)
    out.good(
        pick(
            f"wrote {count} files to {folder}, as of block {files.block:,}",
            f"{folder} に{count}個のファイルを書きました(ブロック {files.block:,} 時点)",
        )
    )
    if not files.charter:
        out.warn(
            pick(
                "the charter in force is not the file of dao.toml, and the chain names no place"
                " where it can be read: governanceURI is left out",
                "有効な憲章は dao.toml のファイルと異なり、チェーンにも場所がないため、"
                "governanceURI は省きました",
            )
        )
    elif files.charter != CHARTER:
        out.warn(
            pick(
                f"governanceURI is {files.charter}, which the chain names; nobody checked that the"
                " charter in force is there",
                f"governanceURI はチェーンにある {files.charter} です(憲章がそこにあるかは未確認)",
            )
        )
    out.warn(
        pick(
            "nothing on the chain points to these files: this version's contracts have neither"
            " contractURI() (ERC-7572) nor daoURI() (ERC-4824)",
            "チェーンからこのファイルへの参照はありません。このバージョンのコントラクトには"
            " contractURI()(ERC-7572)も daoURI()(ERC-4824)もありません",
        )
    )
    if base:
        out.next_step(
            pick(
                f"serve {folder} at {base} and give people {base}{DAO}. To announce it on the"
                " chain, propose a call by which the treasury registers that address:"
                " summonRegistration of an ERC-4824 registration factory, later setURI of what it"
                " made (Mikoshi deploys none)",
                f"{folder} を {base} で公開し、{base}{DAO} を伝えてください。"
                "チェーンで告知するには、トレジャリーがそのアドレスを登録する提案(call)を出します:"
                " ERC-4824 の登録ファクトリーの summonRegistration、次からはそれが作った"
                "コントラクトの setURI(Mikoshi には含まれません)",
            )
        )
    else:
        out.next_step(
            pick(
                "links are relative, which suits a folder on IPFS. For a web server build again",
                "リンクは相対パスです(IPFS のフォルダー向き)。Webサーバーに置くなら",
            ),
            f"{again} --base-uri https://…",
        )
