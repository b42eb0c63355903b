"""How the parts of a DAO hold together, and that they are the parts the factory made."""

from __future__ import annotations

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, Snapshot
from mikoshi.check.report import CheckSection
from mikoshi.core.dao import interface
from mikoshi.core.manifest import PARTS, Manifest, config_hash
from mikoshi.replay.dao import RebuiltDao
from mikoshi.text.errors import Words
from mikoshi.text.language import N_, ngettext


def compare_wiring(manifest: Manifest, rebuilt: RebuiltDao, snapshot: Snapshot) -> CheckSection:
    """Who knows whom, and what the factory says; the section "wiring"."""
    section = CheckSection(N_("wiring"))
    at, dao, shared = manifest.addresses, rebuilt.dao, manifest.shared
    known: Interface = interface(dao.contracts)
    factory = Contract(snapshot.rpc, shared.get("DAOFactory", at["treasury"]), known)
    implementations = tuple(
        shared.get(name) for name in ("Treasury", "Membership", "ContributionToken", "DAOGovernor")
    )
    predict = (manifest.params, manifest.modules, manifest.salt)
    questions = [
        ("Treasury", N_("governor"), dao.treasury, "governor", (), dao.governor_address),
        ("Membership", N_("treasury"), dao.membership, "treasury", (), at["treasury"]),
        ("ContributionToken", N_("treasury"), dao.token, "treasury", (), at["treasury"]),
        ("DAOGovernor", N_("treasury"), dao.governor, "treasury", (), at["treasury"]),
        ("DAOGovernor", N_("voices"), dao.governor, "token", (), at["membership"]),
        ("DAOFactory", N_("register of DAOs"), factory, "isDAO", (at["treasury"],), True),
        ("DAOFactory", N_("implementations"), factory, "implementations", (), implementations),
    ]
    if manifest.succession:
        seats = dao.succession
        questions += [
            ("Succession", N_("treasury"), seats, "treasury", (), at["treasury"]),
            ("Succession", N_("membership"), seats, "membership", (), at["membership"]),
        ]
    answers = snapshot.ask(
        (contract, name, args) for _where, _what, contract, name, args, _expected in questions
    )
    for (where, what, *_question, expected), found in zip(questions, answers, strict=True):
        section.compare(where, what, expected, found)
    (made,) = snapshot.ask([(factory, "predict", predict)])
    for part in PARTS:
        found = made[part] if made else None
        address = Words("address of the {part}", part=Words(part))
        section.compare("DAOFactory", address, at[part], found)
    recorded = config_hash(manifest.params, manifest.modules)
    place, what = N_("deployment record"), N_("hash of its parameters")
    section.compare(place, what, manifest.config_hash, recorded)
    announced = rebuilt.config_hash or None
    what = N_("announced parameters' hash")
    section.compare("DAOFactory", what, manifest.config_hash, announced)
    section.compare("DAOFactory", N_("block of creation"), manifest.block, rebuilt.created)
    section.summary = ngettext("{count} part", "{count} parts", len(PARTS), count=len(PARTS))
    return section
