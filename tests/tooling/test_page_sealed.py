"""Keys sealed with a passphrase, made and opened by the page and by eth-account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from mikoshi.page.build import PAGE, proposal_link
from mikoshi.testing.community import FOR, person
from tests.tooling.browser import Phone, served
from tests.tooling.governed import Governed
from tests.tooling.test_page import Visit, visit

pytestmark = pytest.mark.slow

__all__ = ["visit"]

PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def browser() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


def saved(phone: Phone) -> dict[str, Any]:
    """The file that the page offers."""
    told: dict[str, Any] = json.loads(phone("download", name="Save the file"))
    return told


def sealed(number: int, folder: Path, n: int = 2**18) -> Path:
    """A person's key as eth-account seals it."""
    path = folder / "key.json"
    made = Account.encrypt(person(number).key, PASSPHRASE, kdf="scrypt", iterations=n)
    path.write_text(json.dumps(made))
    return path


def test_copy_of_a_passkey_is_opened_elsewhere(visit: Visit) -> None:
    wallet = visit.join()
    visit.phone("tap", name="Keep a sealed copy of the key", role="link")
    for label in ("A new passphrase", "The passphrase once more"):
        visit.phone("type", label=label, text=PASSPHRASE)
    visit.phone("tap", name="Seal a copy")
    file = saved(visit.phone)
    assert file["crypto"]["kdfparams"]["n"] == 2**18
    assert Account.from_key(Account.decrypt(file, PASSPHRASE)).address == wallet


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "12 characters at least"),
        ("correct horse b\u00e4ttery", "correct horse b\u00e4ttery", "of a Latin keyboard"),
        ("correct horse battery", "correct horse batterx", "the two are not the same"),
    ],
)
def test_passphrase_that_is_none_seals_nothing(
    visit: Visit, first: str, second: str, said: str
) -> None:
    visit.join()
    visit.phone("open", url=f"{visit.url}#key")
    visit.phone("type", label="A new passphrase", text=first)
    visit.phone("type", label="The passphrase once more", text=second)
    visit.phone("see", text=said)
    assert visit.phone("count", selector="button.main:disabled") == 1


def test_key_that_eth_account_sealed_votes(visit: Visit) -> None:
    draft = visit.governed.propose()
    visit.governed.open_voting(draft.id)
    visit.open(draft.id)
    visit.phone("tap", name="For")
    visit.phone("open_details", selector=".sealed")
    visit.phone("choose", label="My key file", path=str(sealed(2, visit.governed.folder)))
    visit.phone("type", label="Its passphrase", text="wrong")
    visit.phone("tap", name="Open it")
    visit.phone("see", text="The passphrase is another one")
    visit.phone("type", label="Its passphrase", text=PASSPHRASE)
    visit.phone("tap", name="Open it")
    visit.phone("tap", name="Sign")
    visit.relay(visit.phone("text", selector="output"))
    visit.phone("see", text="Your ballot is counted")
    assert visit.vote_of(draft.id, person(2).address) == FOR


def test_new_sealed_key_needs_no_passkey(visit: Visit) -> None:
    """And is kept sealed, so that the next time only its passphrase is asked for."""
    draft = visit.governed.propose()
    visit.open(draft.id)
    visit.phone("tap", name="For")
    for selector in (".sealed", ".sealed details"):
        visit.phone("open_details", selector=selector)
    for label in ("A new passphrase", "The passphrase once more"):
        visit.phone("type", label=label, text=PASSPHRASE)
    visit.phone("tap", name="Make a sealed key")
    file = saved(visit.phone)
    wallet = Account.from_key(Account.decrypt(file, PASSPHRASE)).address
    visit.phone("type", label="Its passphrase", text=PASSPHRASE)
    visit.phone("tap", name="Open it")
    visit.phone("see", text=f"Only members vote. Its address: {wallet}")
    visit.phone("reload")
    visit.phone("tap", name="For")
    visit.phone("open_details", selector=".sealed")
    visit.phone("see", text=f"The key of the wallet {wallet}")


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"version": 3, "crypto": {"kdf": "none"}}'])
def test_file_that_is_no_key_is_told(visit: Visit, content: str) -> None:
    path = visit.governed.folder / "key.json"
    path.write_text(content or " ")
    draft = visit.governed.propose()
    visit.open(draft.id)
    visit.phone("tap", name="For")
    visit.phone("open_details", selector=".sealed")
    visit.phone("choose", label="My key file", path=str(path))
    visit.phone("see", text="This is no sealed key")


def test_page_from_a_file_keeps_no_key(browser: Phone, governed: Governed) -> None:
    draft = governed.propose()
    governed.open_voting(draft.id)
    with served("", governed.rpc.url) as url:
        browser("phone", locale="en-GB")
        at = governed.dao.governor.address
        browser("open", url=proposal_link(PAGE.as_uri(), governed.rpc.chain_id(), at, draft.id))
        browser("type", label="Address of the node", text=f"{url}rpc")
        browser("tap", name="Use it")
        browser("tap", name="For")
        browser("open_details", selector=".sealed")
        browser("see", text="This page keeps no key")
        browser("choose", label="My key file", path=str(sealed(2, governed.folder)))
        browser("type", label="Its passphrase", text=PASSPHRASE)
        browser("tap", name="Open it")
        browser("tap", name="Sign")
        browser("see", text="Paste this line")
        assert browser("evaluate", script="localStorage.getItem('mikoshi.sealed')") is None
