"""Parts beside the core for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mikoshi.context.context import Context
from mikoshi.context.modules import modules_of
from mikoshi.core.modules import MODULES
from mikoshi.text.console import Console
from mikoshi.text.language import _
from mikoshi.text.units import format_time


def _found(context: Context) -> Iterator[tuple[str, str, int]]:
    """Section, address, and since or from when on it has its role."""
    for section, module in MODULES.items():
        for contract in modules_of(context, section):
            since = context.rebuilt.treasury.since[module.role_hash, contract.address]
            yield section, contract.address, since


def show_modules(out: Console, context: Context) -> None:
    """A table of the parts."""
    rows = []
    for section, address, since in _found(context):
        moment = format_time(since, context.now)
        told = _("from {moment} on") if since > context.now else _("since {moment}")
        rows.append([section, address, told.format(moment=moment)])
    if rows:
        out.table([_("Part"), _("Contract"), _("It works")], rows)
    else:
        out.say(_("this DAO has no parts beside the core"))
    for section in MODULES.keys() - {row[0] for row in rows}:
        out.next_step(_("to add one"), context.session.command(f"modules attach {section}"))


def modules_json(context: Context) -> dict[str, Any]:
    """The same for programs."""
    fields = ("part", "address", "since")
    return {"modules": [dict(zip(fields, each, strict=True)) for each in _found(context)]}
