"""List the members of the DAO, and admit more of them from a CSV file."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group
from mikoshi.text.json import plain
from mikoshi.text.language import _


@click.group(cls=Group, epilog="members list")
def cli() -> None:
    """List and admit members."""


@cli.command("list", epilog="members list --names friends.csv")
@takes(config=True, network=True)
@names_option
@deployments_option
def list_(session: Session, names: tuple[Path, ...], deployments: Path | None) -> None:
    """Show everyone who is or was a member: status, voice, merit, delegate, last act."""
    from mikoshi.context.context import Context
    from mikoshi.members.roster import roster, show_roster

    context, out = Context.open(session, deployments, names), session.out
    rebuilt, index = context.rebuilt, context.index
    rows = roster(
        rebuilt,
        index.time,
        lambda wallet: context.names.get(wallet) or session.config.name_of(wallet),
    )
    show_roster(out, rows, index.time)
    if out.as_json:
        out.emit({"block": index.block, "members": plain(rows)})


@cli.command(epilog="members admit friends.csv --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--newcomers", is_flag=True, help="They accept the charter when they first wake.")
@click.option(
    "--readmit", is_flag=True, help="Also admit again those who left, where tickets can be sold."
)
@deployments_option
def admit(
    session: Session, file: Path, newcomers: bool, readmit: bool, deployments: Path | None
) -> None:
    """Admit the people of FILE (CSV with wallet,name) who are not members yet.

    By the steward, or a holder of the role ADMITTER, who thereby says that they accept the charter.
    """
    from mikoshi.config.danger import PUBLIC_KEYS
    from mikoshi.context.context import open_record
    from mikoshi.members.admission import Admitted, plan_admission, refuse_public_keys
    from mikoshi.members.admission import admit as admit_people
    from mikoshi.members.rights import right_to_admit
    from mikoshi.members.show import show_admission, show_admitted
    from mikoshi.text.member_file import read_people_file, remember
    from mikoshi.text.people import on_chain

    with on_chain(session.config.chain_id):
        found = read_people_file(file)
    people = found.people
    if session.live and PUBLIC_KEYS.name not in session.config.accepted:
        refuse_public_keys(people, file.name)
    manifest, sender = open_record(session, deployments), session.sender
    rpc, out = session.rpc, session.out
    dao = manifest.dao(sender)
    if not session.options.dry_run:
        sender.settle()  # what an earlier run sent is counted, and not offered again
    plan = plan_admission(rpc, dao, people, readmit)
    right, name_of = None, session.config.name_of
    if plan.missing:
        right = right_to_admit(rpc, dao, sender.address, manifest.block or 0, name_of)
    now = plan.missing if right is None or right.limit is None else plan.missing[: right.limit]
    show_admission(out, plan, right, file.name, sender.fees(), found.left_out)
    result = plan.as_json() | {"skipped": found.skipped, "blank": found.blank}
    if not now:
        out.emit(result | Admitted().as_json())
        return
    if not session.options.dry_run:
        sender.require_balance(plan.gas * sender.fees().max_fee)
    if not session.go_ahead(many="admit"):
        out.emit(result | Admitted().as_json())
        return
    charter = bytes(32) if newcomers else dao.membership.call("charterHash")
    with out.progress(_("admitting"), len(now)) as advance:
        done = admit_people(sender, dao, now, charter, advance, plan.block)
    known = remember(session.config.source.parent, people)
    named = not known and any(person.name and not name_of(person.wallet) for person in now)
    names = f" --names {shlex.quote(str(file))}" if named else ""
    command = session.command(f"members list{names}")
    show_admitted(out, done, len(plan.missing) - len(now), right, command, name_of, named=named)
    out.emit(result | done.as_json())
