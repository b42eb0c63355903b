"""How the parts of a DAO hold together, and that they are the parts the factory made."""

from __future__ import annotations

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract
from mikoshi.chain.snapshot import Snapshot
from mikoshi.check.report import CheckSection
from mikoshi.core.dao import interface
from mikoshi.core.manifest import PARTS, Manifest, config_hash
from mikoshi.replay.dao import RebuiltDao
from mikoshi.text.language import _


def compare_wiring(manifest: Manifest, rebuilt: RebuiltDao, snapshot: Snapshot) -> CheckSection:
    """Who knows whom, and what the factory says; the section "wiring"."""
    section = CheckSection("wiring")
    at, dao, shared = manifest.addresses, rebuilt.dao, manifest.shared
    known: Interface = interface(dao.contracts)
    factory = Contract(snapshot.rpc, shared.get("DAOFactory", at["treasury"]), known)
    implementations = tuple(
        shared.get(name) for name in ("Treasury", "Membership", "ContributionToken", "DAOGovernor")
    )
    predict = (manifest.params, manifest.modules, manifest.salt)
    questions = [
        ("Treasury", "governor", dao.treasury, "governor", (), at["governor"]),
        ("Membership", "treasury", dao.membership, "treasury", (), at["treasury"]),
        ("ContributionToken", "treasury", dao.token, "treasury", (), at["treasury"]),
        ("DAOGovernor", "treasury", dao.governor, "treasury", (), at["treasury"]),
        ("DAOGovernor", "voices", dao.governor, "token", (), at["membership"]),
        ("DAOFactory", "register of DAOs", factory, "isDAO", (at["treasury"],), True),
        ("DAOFactory", "implementations", factory, "implementations", (), implementations),
    ]
    answers = snapshot.ask(
        (contract, name, args) for _where, _what, contract, name, args, _expected in questions
    )
    for (where, what, *_question, expected), found in zip(questions, answers, strict=True):
        section.compare(where, what, expected, found)
    (made,) = snapshot.ask([(factory, "predict", predict)])
    for part in PARTS:
        found = made[part] if made else None
        section.compare("DAOFactory", f"address of the {part}", at[part], found)
    recorded = config_hash(manifest.params, manifest.modules)
    section.compare("deployment record", "hash of its parameters", manifest.config_hash, recorded)
    announced = rebuilt.config_hash or None
    section.compare("DAOFactory", "announced parameters' hash", manifest.config_hash, announced)
    section.compare("DAOFactory", "block of creation", manifest.block, rebuilt.created)
    section.summary = _("{count} parts", count=len(PARTS))
    return section
