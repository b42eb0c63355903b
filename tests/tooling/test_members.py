"""Members are listed as the events tell, and admitted from a file, each once."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import Rpc, UnreachableError
from mikoshi.config.danger import NODE_WALLETS, SAMPLE_WALLETS
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.members.admission import admit, plan_admission
from mikoshi.members.rights import right_to_admit
from mikoshi.members.roster import roster
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY, POINT, VOICE
from mikoshi.text.errors import ChainError, NotNowError
from mikoshi.text.people import Person, short
from mikoshi.words import standing_word
from tests.support import refuses, told
from tests.tooling.faulty import faulty
from tests.tooling.live import Place, deployer, fund, write_members

pytestmark = pytest.mark.slow

NO_REF = bytes(32)
STEWARD = f"""
[steward]
wallet = "{person(1).address}"
term = "60 days"
members_per_epoch = 250
"""


def people(numbers: Sequence[int]) -> list[Person]:
    return [Person(person(number).address, f"P{number}") for number in numbers]


@pytest.fixture
def dao(place: Place, sepolia: DevRpc) -> Dao:
    """Five members, the first of whom is the steward for 60 days, with money to send."""
    sepolia.call("anvil_autoImpersonateAccount", True)
    place.write(more=STEWARD, accept=("public-keys", "large-steward-cap"))
    place.add_account("steward", person(1))
    for number in range(1, 6):
        fund(sepolia, person(number).address)
    made = place.deploy(sepolia).dao(sepolia)
    fund(sepolia, made.treasury_address)
    return made


@pytest.fixture
def charter(dao: Dao) -> bytes:
    accepted: bytes = dao.membership.call("charterHash")
    return accepted


def rebuilt(dao: Dao, rpc: DevRpc, manifest: Manifest) -> RebuiltDao:
    voice = Voice.of_params(manifest.params["voice"])
    return replay(rpc, dao, manifest.shared["DAOFactory"], voice)


def as_treasury(contract: Contract, name: str, dao: Dao, *args: object) -> None:
    contract.send(name, *args, sender=dao.treasury_address)


def sent(dao: Dao, place: Place, rpc: Rpc, alias: str = "steward") -> Dao:
    """The DAO with calls signed by an account."""
    return Dao(
        place.sender(rpc, alias),
        dao.treasury_address,
        dao.membership_address,
        dao.token_address,
        dao.governor_address,
    )


# Who is missing


def test_plan_sorts_people(dao: Dao, sepolia: DevRpc) -> None:
    membership = dao.membership
    membership.send("exit", sender=person(2).address)
    membership.send("rest", sender=person(4).address)
    as_treasury(membership, "bar", dao, 3)
    plan = plan_admission(sepolia, dao, people([1, 2, 3, 4, 8, 9]))
    assert [each.name for each in plan.missing] == ["P8", "P9"]
    assert [number for _, number in plan.present] == [1, 4]
    assert [number for _, number in plan.left] == [2]
    assert [number for _, number in plan.barred] == [3]
    again = plan_admission(sepolia, dao, people([1, 2, 3]), readmit=True)
    assert again.missing == []  # they come back by themselves, where tickets cannot be sold


def test_part_of_the_dao_is_refused(dao: Dao, sepolia: DevRpc) -> None:
    with refuses("members.part-of-the-dao", who=short(dao.governor_address)):
        plan_admission(sepolia, dao, [Person(dao.governor_address)])


# Who may


def test_steward_may_within_the_cap(dao: Dao, sepolia: DevRpc, charter: bytes) -> None:
    assert right_to_admit(sepolia, dao, person(1).address).limit == 250
    dao.membership.send("admit", person(8).address, charter, sender=person(1).address)
    right = right_to_admit(sepolia, dao, person(1).address)
    assert right.limit == 249
    sepolia.warp_to(right.renewed)
    assert right_to_admit(sepolia, dao, person(1).address).limit == 250


def test_admitter_may_without_limit(dao: Dao, sepolia: DevRpc) -> None:
    role, holder = keccak(text="ADMITTER"), person(50).address
    as_treasury(dao.treasury, "grantRole", dao, role, holder)
    with refuses("members.not-allowed-to-admit"):
        right_to_admit(sepolia, dao, holder)
    sepolia.warp(45 * DAY)
    assert right_to_admit(sepolia, dao, holder).limit is None


def test_others_are_told_who_may(dao: Dao, sepolia: DevRpc) -> None:
    as_treasury(dao.treasury, "grantRole", dao, keccak(text="ADMITTER"), person(50).address)
    sepolia.warp(45 * DAY)
    steward, admitter = f"#1 ({short(person(1).address)})", short(person(50).address)
    with pytest.raises(NotNowError) as caught:
        right_to_admit(sepolia, dao, deployer().address)
    told(
        caught.value,
        "members.not-allowed-to-admit",
        who=short(deployer().address),
        steward=steward,
        admitters=[admitter],
    )
    first, second, third = caught.value.reasons
    assert first.startswith(f"the steward {steward} may, until")
    assert second == f"{admitter} may: role ADMITTER"
    assert third == "a vote may"
    sepolia.warp(61 * DAY)
    with pytest.raises(NotNowError) as caught:
        right_to_admit(sepolia, dao, person(1).address)
    told(caught.value, "members.not-allowed-to-admit", who=steward, steward=steward)
    assert caught.value.reasons[0].startswith(f"the steward was {steward}, until")


# Admitting


def test_admission_in_batches(dao: Dao, place: Place, sepolia: DevRpc, charter: bytes) -> None:
    everyone = people(range(1, 231))
    signed = sent(dao, place, sepolia)
    plan = plan_admission(sepolia, dao, everyone)
    assert (len(plan.missing), plan.transactions) == (225, 3)
    done = admit(place.sender(sepolia, "steward"), signed, plan.missing, charter)
    hashes = done.transactions
    assert len(hashes) == 3
    used = [int(sepolia.call("eth_getTransactionReceipt", h)["gasUsed"], 16) for h in hashes]
    assert sum(used) <= plan.gas
    assert max(used) < 2**24
    assert dao.membership.call("census")[0] == 230
    assert plan_admission(sepolia, dao, everyone).missing == []


@pytest.mark.parametrize(
    "number", [pytest.param(1, marks=pytest.mark.slow), 2, pytest.param(3, marks=pytest.mark.slow)]
)
def test_interrupted_admission_continues(
    dao: Dao, place: Place, sepolia: DevRpc, charter: bytes, number: int
) -> None:
    everyone = people(range(1, 231))
    nonce = sepolia.nonce(person(1).address)
    with faulty(sepolia.url) as node, Rpc(node.url) as rpc:
        node.die_at(number, "after")
        signed = sent(dao, place, rpc)
        with pytest.raises((ChainError, UnreachableError)):
            admit(place.sender(rpc, "steward"), signed, people(range(6, 231)), charter)
        node.revive()
        plan = plan_admission(rpc, dao, everyone)
        admit(place.sender(rpc, "steward"), sent(dao, place, rpc), plan.missing, charter)
    assert dao.membership.call("census")[0] == 230
    assert sepolia.nonce(person(1).address) == nonce + 3


def test_somebody_admitted_meanwhile_is_left_out(
    dao: Dao, place: Place, sepolia: DevRpc, charter: bytes
) -> None:
    plan = plan_admission(sepolia, dao, people([8, 9]))
    as_treasury(dao.membership, "admit", dao, person(8).address, charter)
    admit(place.sender(sepolia, "steward"), sent(dao, place, sepolia), plan.missing, charter)
    assert dao.membership.call("census")[0] == 7


# The list


def test_roster(dao: Dao, place: Place, sepolia: DevRpc) -> None:
    membership = dao.membership
    as_treasury(membership, "credit", dao, 1, 100 * POINT, 0, NO_REF)
    membership.send("delegate", person(2).address, sender=person(1).address)
    membership.send("exit", sender=person(5).address)
    sepolia.warp(220 * DAY)
    membership.send("lapse", [3], sender=person(1).address)
    rows = roster(rebuilt(dao, sepolia, place.manifest), sepolia.timestamp(), lambda _: "name")
    assert [row.standing for row in rows] == ["active", "active", "dormant", "active", "exited"]
    assert [row.delegate for row in rows] == [2, None, None, None, None]
    assert [row.speaks_for for row in rows] == [0, 2, 0, 1, 0]
    assert rows[0].voice > VOICE
    assert [row.voice for row in rows[1:]] == [VOICE, 0, VOICE, 0]
    assert 0 < rows[0].merit < 50 * POINT
    assert rows[0].voice < 3 * VOICE // 2
    assert all(row.last_act < sepolia.timestamp() - 219 * DAY for row in rows)
    assert standing_word("dormant") == "dormant"


# The command


def test_command_lists_members(dao: Dao, place: Place, sepolia: DevRpc) -> None:
    shown = place.run("members list", sepolia.url)
    assert shown.returncode == 0, shown.stderr
    assert "P3" in shown.stdout
    listed = json.loads(place.run("members list", sepolia.url, "--json").stdout)
    assert [row["wallet"] for row in listed["members"]] == [
        person(number).address for number in range(1, 6)
    ]
    assert listed["members"][0]["voice"] == str(VOICE)
    assert dao.membership.call("census")[0] == 5


def test_command_admits_once(dao: Dao, place: Place, sepolia: DevRpc) -> None:
    file = place.folder / "more.csv"
    rows = [f"sep:{person(number).address.lower()},新{number}" for number in (5, 6, 7)]
    file.write_text("\ufeffwallet,name\r\n" + "\r\n".join(rows) + "\r\n", encoding="utf-8")
    options = (str(file), "--account", "steward", "--json")
    dry = place.run("members admit", sepolia.url, *options, "--dry-run")
    assert (dry.returncode, json.loads(dry.stdout)["admitted"]) == (0, [])
    done = place.run("members admit", sepolia.url, *options, "--yes")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["admitted"] == [person(6).address, person(7).address]
    again = json.loads(place.run("members admit", sepolia.url, *options, "--yes").stdout)
    assert (again["missing"], again["transactions"]) == ([], [])
    assert [each["id"] for each in again["present"]] == [5, 6, 7]
    assert dao.membership.call("census")[0] == 7


def test_command_names_the_barred_and_admits_the_others(
    dao: Dao, place: Place, sepolia: DevRpc, charter: bytes
) -> None:
    as_treasury(dao.membership, "bar", dao, 3)
    file = place.folder / "more.csv"
    file.write_text(f"wallet,name\n{person(3).address},P3\n{person(6).address},P6\n")
    done = place.run("members admit", sepolia.url, str(file), "--account", "steward", "--yes")
    assert done.returncode == 0, done.stderr
    line = next(each for each in done.stdout.splitlines() if "P3 #3" in each)
    assert "removed by a vote, which alone lets them back in" in line
    assert dao.membership.call("census")[0] == 5
    # Who is barred between the plan and the sending spoils no list either.
    admit(place.sender(sepolia, "steward"), sent(dao, place, sepolia), people([3, 7]), charter)
    assert dao.membership.call("census")[0] == 6


def test_whoever_was_admitted_is_called_by_name(dao: Dao, place: Place, sepolia: DevRpc) -> None:
    file = place.folder / "friends.csv"
    file.write_text(f"wallet,name\n{person(6).address},By Stander\n")
    done = place.run("members admit", sepolia.url, str(file), "--account", "steward", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("  ape run members list --config")
    file.unlink()
    assert "By Stander" in place.run("members list", sepolia.url).stdout
    assert "By Stander" in place.run("power", sepolia.url, "stander").stdout
    assert dao.membership.call("census")[0] == 6


def test_command_says_how_names_are_shown(dao: Dao, place: Place, sepolia: DevRpc) -> None:
    (place.folder / ".mikoshi").write_text("no folder: nothing can be kept in it")
    file = place.folder / "friends.csv"
    file.write_text(f"# ours\n\nwallet,name\n{person(6).address},By Stander\n")
    done = place.run("members admit", sepolia.url, str(file), "--account", "steward", "--yes")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "friends.csv: 1 person, 1 to admit"
    assert lines[1] == "  people: 1, comments skipped: 1, blank lines: 1"
    assert lines[-2] == "Next: with this --names every command shows their names:"
    assert lines[-1].startswith(f"  ape run members list --names {shlex.quote(str(file))} --config")
    listed = place.run("members list", sepolia.url, "--names", str(file)).stdout
    assert "By Stander" in listed
    assert dao.membership.call("census")[0] == 6


def test_command_names_bad_lines_and_admits_nobody(dao: Dao, place: Place, sepolia: DevRpc) -> None:
    file = place.folder / "bad.csv"
    good = person(6).address
    file.write_text(f"wallet,name\n{good},A\n{good.lower()},B\n0x12,C\n")
    nonce = sepolia.nonce(person(1).address)
    options = [str(file), "--account", "steward", "--yes", "--json"]
    done = place.run("members admit", sepolia.url, *options)
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "people.bad-lines"
    assert [each["line"] for each in error["data"]["problems"]] == [3, 4]
    assert sepolia.nonce(person(1).address) == nonce
    assert dao.membership.call("census")[0] == 5


def test_command_refuses_wallets_whose_keys_are_public(
    dao: Dao, place: Place, sepolia: DevRpc
) -> None:
    place.write(more="", accept=())
    write_members(place.folder / "members.csv", range(21, 24))
    file = place.folder / "more.csv"
    file.write_text(f"wallet\n{person(40).address}\n{NODE_WALLETS[0]}\n{SAMPLE_WALLETS[6]}\n")
    options = [str(file), "--account", "steward", "--yes", "--json"]
    done = place.run("members admit", sepolia.url, *options)
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "members.public-keys"
    assert error["data"] == {
        "file": "more.csv",
        "count": 2,
        "shown": "0xf39F…2266, 0xF44C…4F05",
        "wallets": [NODE_WALLETS[0], SAMPLE_WALLETS[6]],
    }
    assert dao.membership.call("census")[0] == 5


def test_command_is_refused_to_others(dao: Dao, place: Place, sepolia: DevRpc) -> None:
    file = place.folder / "more.csv"
    file.write_text(f"wallet\n{person(6).address}\n")
    place.add_account("p2", person(2))
    people = {"alice": short(deployer().address), "p2": "P2 #2 (0x50ab…bf7f)"}
    for account, who in people.items():
        options = [str(file), "--account", account, "--yes", "--json"]
        done = place.run("members admit", sepolia.url, *options)
        assert done.returncode == 4
        error = json.loads(done.stdout)["error"]
        assert error["kind"] == "members.not-allowed-to-admit"
        assert (error["data"]["who"], error["data"]["steward"]) == (who, "P1 #1 (0x1753…8863)")
    assert dao.membership.call("census")[0] == 5
