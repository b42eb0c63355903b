"""What seats bought in mass, seats that sleep, and one captured vote can do to those who govern."""

from __future__ import annotations

import pytest

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.node import DevRpc
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import DAY, POINT, params
from tests.support import factory, grant
from tests.unit.membership.people import totals

QUEUED = 5


def test_seats_bought_in_mass_do_not_stop_those_awake(community: Community) -> None:
    """The season is the members' time to answer: until it ends, buyers stop no vote."""
    membership, governor = community.dao.membership, community.dao.governor
    shop = grant(community, "ADMITTER", community.outsider.address)
    buyers = [person(number).address for number in range(2_000, 2_096)]
    membership.send("admitMany", buyers, bytes(32), sender=shop)

    bars = [(membership, 0, membership.data("bar", number)) for number in range(6, 40)]
    answer = community.propose(bars, "bar the buyers")
    community.open_voting(answer)
    community.vote(answer, range(5))
    community.close_voting(answer)
    assert governor.call("proposalTurnout", answer.id) == 5
    assert governor.call("state", answer.id) == QUEUED


@pytest.mark.usefixtures("community")
def test_a_ticket_passed_on_at_once_uses_up_no_numbers(rpc: DevRpc) -> None:
    """Passing one ticket from wallet to wallet is no way to the end of the numbers."""
    market = found(rpc, 2, factory=factory(rpc), transferableTickets=True)
    membership = market.dao.membership
    first, second = (person(number).address for number in (100, 101))
    rpc.fund(first)
    seller = market.wallets[0]
    membership.send("transferFrom", seller, first, 1, sender=seller)
    given = totals(membership).last_id
    try:
        membership.send("transferFrom", first, second, 1, sender=first)
    except ContractRevertedError:
        assert membership.call("ownerOf", 1) == first
    assert totals(membership).last_id == given


def far_ceiling(rpc: DevRpc) -> dict[str, int]:
    """A voice whose ceiling is far above the caps."""
    voice: dict[str, int] = params(rpc.timestamp())["voice"]
    return voice | {"full": 10**9}


@pytest.mark.usefixtures("community")
def test_one_vote_does_not_raise_the_merit_caps_and_use_them(rpc: DevRpc) -> None:
    """The caps hold for a captured vote too, for as long as the epoch lasts."""
    dao = found(rpc, 12, factory=factory(rpc), voice=far_ceiling(rpc))
    membership = dao.dao.membership
    loose = dao.params["membership"] | {"meritCap": 10**12, "meritCapPerMember": 10**12}
    share = 10**9 * POINT // 4
    raise_caps = (membership, 0, membership.data("setSettings", loose))
    gifts = membership.data("creditMany", [1, 2, 3, 4], [share] * 4, 0, bytes(32))
    with pytest.raises(ContractRevertedError, match="TreasuryCallFailed"):
        dao.decide([raise_caps, (membership, 0, gifts)], "capture", voters=range(4))


@pytest.mark.usefixtures("community")
def test_raised_merit_caps_leave_time_for_another_vote(rpc: DevRpc) -> None:
    """Raise and use, voted together and executed on both sides of an epoch's end, are stopped.

    A vote that cuts the caps again takes nine days with the default settings.
    """
    dao = found(rpc, 12, factory=factory(rpc), voice=far_ceiling(rpc))
    membership, governor = dao.dao.membership, dao.dao.governor
    t0 = membership.call("voiceParams")["t0"]
    loose = dao.params["membership"] | {"meritCap": 10**12, "meritCapPerMember": 10**12}
    rpc.warp_to(t0 + 30 * DAY - 9 * DAY - 3600)
    gifts = membership.data("creditMany", [1, 2, 3], [10**8 * POINT] * 3, 0, bytes(32))
    raising = dao.propose([(membership, 0, membership.data("setSettings", loose))], "raise")
    using = dao.propose([(membership, 0, gifts)], "use")
    dao.open_voting(using)
    for proposal in (raising, using):
        dao.vote(proposal, range(4))
    dao.ripen(using)
    dao.execute(raising)
    assert rpc.timestamp() < t0 + 30 * DAY
    rpc.warp_to(t0 + 30 * DAY)
    with pytest.raises(ContractRevertedError, match="TreasuryCallFailed"):
        governor.call("execute", *using.actions, sender=dao.outsider.address)
