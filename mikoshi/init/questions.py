"""The questions, in their order."""

from __future__ import annotations

from pathlib import Path

from mikoshi.config.danger import BPS
from mikoshi.config.kinds import Label
from mikoshi.config.templates.naming import slug_of
from mikoshi.config.templates.template import NAMES
from mikoshi.init.question import Question, on_setting, plain, setting
from mikoshi.init.reading import (
    CHAINS,
    KINDS,
    default_pace,
    default_symbol,
    default_tickets,
    means_founders,
    means_quorum,
    means_steward,
    means_voting,
    nobody,
    read_chain,
    read_founders,
    read_guardian,
    read_kind,
    read_pace,
    read_steward,
    read_tickets,
)
from mikoshi.text.language import N_, _

_NO_NAME = Path("dao.toml")  # a file whose name says nothing about the community

QUESTIONS = (
    on_setting(
        "name",
        "dao.name",
        Label("What is your community called?"),
        plain(N_("It stands on every ticket, for good.")),
        lambda __: "",
    ),
    Question(
        "kind",
        Label("What kind of community is it?"),
        plain(
            N_(
                "The answer fills in all that is not asked here; you can read and change it"
                " in the file."
            )
        ),
        read_kind,
        lambda __: NAMES[0],
        options=KINDS,
    ),
    on_setting(
        "slug",
        "dao.slug",
        Label("Has it a short name in small letters?"),
        plain(N_("It names files.")),
        lambda __: "",
        lambda known: not slug_of(known.values["name"], known.output),
    ),
    on_setting(
        "symbol",
        "dao.symbol",
        Label("Which symbol shall the tickets have?"),
        plain(N_("A few letters that wallets show beside a ticket, for good.")),
        default_symbol,
        lambda known: not slug_of(known.values["name"], _NO_NAME),
    ),
    Question(
        "chain",
        Label("Where shall it live?"),
        plain(
            N_(
                "Try it out on this computer first: nothing costs anything there. Another"
                " network is named by its number."
            )
        ),
        read_chain,
        lambda __: "local",
        options=CHAINS,
    ),
    Question(
        "members",
        Label("Who are the first members?"),
        means_founders,
        read_founders,
        lambda known: _("sample") if known.local else "",
        lines=True,
    ),
    Question(
        "tickets",
        Label("May members sell their tickets?"),
        plain(
            N_("A ticket is a seat. If it cannot be sold, nobody can buy their way in. For good.")
        ),
        read_tickets,
        default_tickets,
    ),
    on_setting(
        "weight",
        "voice.most",
        Label("How much more may somebody be heard who contributes?"),
        plain(
            N_(
                "1: one member, one vote. 1.5: with 100 points of merit one and a half times a"
                " newcomer's voice, and never more. For good."
            )
        ),
    ),
    on_setting(
        "memory",
        "voice.half_life",
        Label("After how long shall a contribution count half?"),
        plain(N_("Merit fades, so that those who are active now are heard. For good.")),
        applies=lambda known: setting("voice.most").kind.read(known.values["weight"]) > BPS,
    ),
    on_setting(
        "quorum",
        "governance.quorum",
        Label("How many must take part in a vote?"),
        means_quorum,
    ),
    on_setting(
        "voting",
        "governance.voting_period",
        Label("How long shall a vote be open?"),
        means_voting,
    ),
    Question(
        "guardian",
        Label("Who may stop a decision that went wrong?"),
        plain(
            N_(
                "A guardian can cancel what passed before it is done, and nothing else, for"
                " a year at most. A member's name, a wallet, or nobody."
            )
        ),
        read_guardian,
        nobody,
    ),
    Question(
        "steward",
        Label("Who may admit members at first?"),
        means_steward,
        read_steward,
        nobody,
    ),
    Question(
        "pace",
        Label("How many may the steward admit in 30 days?"),
        plain(N_("With more of them than you are now, the steward could fill the room.")),
        read_pace,
        default_pace,
        lambda known: bool(known.values["steward"]),
    ),
)
"""What is asked, in this order."""
