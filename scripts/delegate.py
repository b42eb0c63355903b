"""Let another member speak for you, or take your voice back."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.voting.signing_options import Paper, paper_options


@click.command(cls=Command, short_help="Lend your voice, or take it back.")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("member", metavar="MEMBER|self")
@paper_options
@deployments_option
@names_option
def cli(
    session: Session,
    member: str,
    paper: Paper,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Let MEMBER (its number, name or address) speak for you; `self` takes your voice back.

    By a transaction of --account; or by a signature in a file, as with `ape run vote`.
    """
    from mikoshi.context.context import Desk
    from mikoshi.context.sending import open_desk
    from mikoshi.context.transaction import ask_and_send, receipt_json
    from mikoshi.text.language import pick
    from mikoshi.voting.delegation import delegate_message, plan_delegation, show_delegation
    from mikoshi.voting.power import named
    from mikoshi.voting.signing_options import find_wallet, put_on_paper

    opened = Desk.open if paper.wanted else open_desk  # a signature waits for nothing
    desk, out = opened(session, deployments, names), session.out
    wallet = paper.wallet(desk)
    to = wallet if member == "self" else find_wallet(desk, member)
    plan = plan_delegation(desk, wallet, to)
    who = named(desk.rebuilt, desk.names)
    if plan.done:
        out.good(
            pick(
                f"{who(plan.to.person.id)} speaks for {who(plan.giver.person.id)} already",
                f"すでに {who(plan.to.person.id)} が {who(plan.giver.person.id)} を代表しています",
            )
        )
        out.emit(plan.as_json() | receipt_json(None))
        return
    show_delegation(out, plan, who)
    if paper.wanted:
        message = delegate_message(desk, plan, paper.until)
        command = session.command(f"delegate {shlex.quote(member)}")
        made = put_on_paper(desk, paper, message, plan.giver.person, command, None)
        out.emit(plan.as_json() | made)
        return
    receipt = ask_and_send(session, desk.dao.membership, "delegate", to)
    if receipt is not None:
        out.good(pick(f"done, {receipt.gas:,} gas", f"完了しました({receipt.gas:,} ガス)"))
        out.next_step("", session.command(f"power {plan.to.person.wallet}"))
    out.emit(plan.as_json() | receipt_json(receipt))
