"""Who may admit members, and how many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Snapshot
from mikoshi.chain.rpc import Rpc
from mikoshi.core.artifacts import load
from mikoshi.core.dao import Dao
from mikoshi.replay.logs import stream_logs
from mikoshi.replay.treasury import RebuiltTreasury
from mikoshi.replay.voice import EPOCH, epoch_of
from mikoshi.text.errors import Line, NotNowError, Words
from mikoshi.text.language import N_
from mikoshi.text.people import ZERO_ADDRESS, show
from mikoshi.text.units import format_time

ADMITTER = keccak(text="ADMITTER")


@dataclass(frozen=True, slots=True)
class Right:
    """How many members an account may admit now: None for any number.

    A steward's number is renewed at `renewed`, in Unix seconds; `ends` is the end of the office.
    """

    limit: int | None = None
    renewed: int = 0
    ends: int = 0


def right_to_admit(
    rpc: Rpc,
    dao: Dao,
    account: str,
    since: int = 0,
    name_of: Callable[[str], str] = lambda _: "",
) -> Right:
    """The right of `account`. `since` is the block of the DAO's creation.

    Raises NotNowError, naming those who may, if the account may not admit anybody.
    """
    snapshot = Snapshot(rpc)
    admitter, steward, office, settings, usage, params = snapshot.ask(
        [
            (dao.treasury, "hasRole", (ADMITTER, account)),
            (dao.treasury, "steward", ()),
            (dao.treasury, "stewardOffice", ()),
            (dao.membership, "settings", ()),
            (dao.lens, "usage", (dao.membership_address,)),
            (dao.membership, "voiceParams", ()),
        ]
    )
    if admitter or account == dao.treasury_address:
        return Right()
    if account != steward:
        raise _not_allowed(rpc, dao, account, since, snapshot, name_of)
    epoch = epoch_of(params["t0"], snapshot.time)
    used = usage[2] if usage[0] == epoch else 0
    renewed = max(params["t0"], 0) + (epoch + 1) * EPOCH
    return Right(max(0, settings["stewardCap"] - used), renewed, office["until"])


def _not_allowed(
    rpc: Rpc,
    dao: Dao,
    account: str,
    since: int,
    snapshot: Snapshot,
    name_of: Callable[[str], str],
) -> NotNowError:
    book = RebuiltTreasury()
    treasury = {dao.treasury_address: Interface(load("Treasury").abi)}
    for log in stream_logs(rpc, treasury, since, snapshot.number):
        book.apply(log.event, log.time)
    reasons: list[Line] = []
    office = book.steward
    begun, now = book.since, snapshot.time
    holders = sorted(each for each in book.book.get(ADMITTER, ()) if begun[ADMITTER, each] <= now)
    wallets = [account, office.holder, *holders]
    ids = snapshot.ask((dao.membership, "memberIdOf", (wallet,)) for wallet in wallets)
    known = {
        wallet: show(wallet, number, name_of(wallet))
        for wallet, number in zip(wallets, ids, strict=True)
    }
    if office.holder != ZERO_ADDRESS:
        over = office.holder_at(snapshot.time) == ZERO_ADDRESS
        text = (
            N_("the steward was {steward}, until {end}")
            if over
            else N_("the steward {steward} may, until {end}")
        )
        end = format_time(office.until, snapshot.time)
        reasons.append(Words(text, steward=known[office.holder], end=end))
    admitters = [known[holder] for holder in holders]
    reasons += [Words("{admitter} may: role ADMITTER", admitter=each) for each in admitters]
    return NotNowError(
        "members.not-allowed-to-admit",
        N_("{who} may not admit members"),
        [*reasons, N_("a vote may")],
        N_("Let one of them run this command with --account, or make a proposal; nothing was sent"),
        who=known[account],
        steward=known.get(office.holder, ""),
        admitters=admitters,
    )
