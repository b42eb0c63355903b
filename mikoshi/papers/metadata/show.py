"""What was built, and what the chain says of it."""

from __future__ import annotations

from pathlib import Path

from mikoshi.papers.metadata.files import CHARTER, DAO, Files
from mikoshi.text.console import Console
from mikoshi.text.language import _


def show_files(out: Console, files: Files, folder: Path, base: str, again: str) -> None:
    """How many files there are, what they lack, and how they become known.

    `again` is the command that built them.
    """
    count = len(files.contents)
    out.good(
        _(
            "wrote {count} files to {folder}, as of block {block:,}",
            count=count,
            folder=folder,
            block=files.block,
        )
    )
    if not files.charter:
        out.warn(
            _(
                "the charter in force is not the file of dao.toml, and the chain names no "
                "place where it can be read: governanceURI is left out"
            )
        )
    elif files.charter != CHARTER:
        out.warn(
            _(
                "governanceURI is {charter}, which the chain names; nobody checked that the "
                "charter in force is there",
                charter=files.charter,
            )
        )
    out.warn(
        _(
            "nothing on the chain points to these files: this version's contracts have "
            "neither contractURI() (ERC-7572) nor daoURI() (ERC-4824)"
        )
    )
    if base:
        out.next_step(
            _(
                "serve {folder} at {base} and give people {base}{dao}. To announce it on the "
                "chain, propose a call by which the treasury registers that address: "
                "summonRegistration of an ERC-4824 registration factory, later setURI of "
                "what it made (Mikoshi deploys none)",
                folder=folder,
                base=base,
                dao=DAO,
            )
        )
    else:
        out.next_step(
            _("links are relative, which suits a folder on IPFS. For a web server build again"),
            f"{again} --base-uri https://…",
        )
