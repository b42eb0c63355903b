"""Who signs a transaction: an account of Ape, or one that a development node holds.

A key file's alias and address are read here, so that a dry run neither asks for a passphrase nor
waits for Ape; everything else that `ape accounts list` shows is looked for by Ape itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.chain.settings import ApeConfig
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.files import read_json, reason_of
from mikoshi.text.language import N_, clauses, listed
from mikoshi.text.people import WalletError, parse_wallet, quoted, short

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from eth_account.messages import SignableMessage

    from mikoshi.chain.ape import ApeAccount

_TEST_PREFIX = "TEST::"


@runtime_checkable
class Signer(Protocol):
    """Sends transactions in its own name, and signs them."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""

    @property
    def address(self) -> str:
        """Its address, checksummed."""

    def unlock(self) -> None:
        """Ask for what signing needs, before a progress bar hides the question."""

    def sign(self, transaction: dict[str, Any]) -> bytes:
        """The signed transaction. Raises BadInputError and NotNowError."""

    def sign_message(self, message: SignableMessage) -> bytes:
        """The signature under a message. Raises BadInputError and NotNowError."""


class NodeAccount:
    """An account that a development node signs for: it has the key, or impersonates it."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address

    def unlock(self) -> None:
        """Nothing: the node has the key."""


Account = Signer | NodeAccount


def accounts_folder() -> Path:
    """Where Ape keeps its key files."""
    data = os.environ.get("APE_DATA_FOLDER")
    return (Path(data) if data else Path.home() / ".ape") / "accounts"


def find_account(
    choice: str | None, rpc: Rpc, local: bool, named: Callable[[str], str] = lambda _: ""
) -> Account:
    """The account called `choice`: an alias of Ape's, `TEST::0`, or an address.

    Without a choice a `local` development chain offers its first account; elsewhere nobody is
    taken by default. An address is that of an account of Ape, or one that the node holds or, on a
    local chain, impersonates. There `named` gives the address of whoever is called so, or "".
    Raises BadInputError.
    """
    if choice is None:
        held = _held(rpc) if local else []
        if not held:
            raise _unknown(None)
        return NodeAccount(f"{_TEST_PREFIX}0", held[0])
    if choice in _key_files():
        return _key_file(choice)
    if choice.startswith(_TEST_PREFIX):
        return _test_account(choice, local or bool(_held(rpc)))
    try:
        address = parse_wallet(choice)
        shown = short(address)
    except WalletError:
        shown, address = choice, named(choice) if local else ""
    if address in _held(rpc):
        return NodeAccount(shown, address)
    found, failed = _of_ape(choice, address, rpc)
    if found is None and address and local and _impersonated(address, rpc):
        return NodeAccount(shown, address)
    if found is None:
        raise _unknown(choice, failed)
    return found


def aliases() -> list[str]:
    """The accounts that Ape has, by alias."""
    return sorted([*_key_files(), *(each.name for each in _of_plugins()[0])])


def _key_files() -> list[str]:
    """By alias; without what systems leave beside files, such as `._alice.json`."""
    found = (path.stem for path in accounts_folder().glob("*.json"))
    return sorted(each for each in found if not each.startswith("."))


def _key_file(alias: str) -> ApeAccount:
    """The account of a key file. Raises BadInputError if it is none."""
    path = accounts_folder() / f"{alias}.json"
    try:
        keys = read_json(path)
        if not isinstance(keys, dict) or not {"address", "crypto", "Crypto"} & keys.keys():
            raise ProblemError("key-file.lacking", N_("it lacks what every key file has"))
        if "address" not in keys:
            raise BadInputError(
                "account.without-address",
                N_("{path} does not say its address"),
                N_("another program made it, and Ape cannot use it"),
                N_("Bring its key with `ape accounts import NAME`"),
                path=path,
            )
        address = parse_wallet(str(keys["address"]))
    except (OSError, ProblemError) as error:
        raise BadInputError(
            "account.damaged",
            N_("{path} is not an account of Ape"),
            "{reason}",
            N_("Make one with `ape accounts generate NAME`"),
            path=path,
            reason=reason_of(error) if isinstance(error, OSError) else error,
        ) from error
    return key_file(path, address, keys)


def key_file(path: Path, address: str, keys: dict[str, Any] | None = None) -> ApeAccount:
    """The account in one of Ape's files, `accounts/<alias>.json`, in which `keys` were read."""
    from mikoshi.chain.ape import ApeAccount

    def load() -> AccountAPI:
        from ape_accounts.accounts import KeyfileAccount

        class ReadKeyfile(KeyfileAccount):
            @property
            def keyfile(self) -> dict[str, Any]:
                """What was read: Ape takes no byte order mark."""
                return keys or super().keyfile

        return ReadKeyfile(keyfile_path=path)

    return ApeAccount(path.stem, address, load)


def _test_account(choice: str, known: bool) -> ApeAccount:
    """The account `TEST::<number>`. Its key is public: a live chain does not know it.

    Made as Ape makes `test_accounts[number]`, but without its managers, which take as long to
    start as all the rest of a command.
    """
    from ape.utils.testing import DEFAULT_NUMBER_OF_TEST_ACCOUNTS, generate_dev_accounts

    from mikoshi.chain.ape import ApeAccount

    number = choice.removeprefix(_TEST_PREFIX)
    settings = ApeConfig.read().test()
    there = int(settings.pop("number_of_accounts", DEFAULT_NUMBER_OF_TEST_ACCOUNTS))
    if not known or not number.isdecimal() or int(number) >= there:
        raise _unknown(choice)
    index = int(number)
    address, key = generate_dev_accounts(number_of_accounts=1, start_index=index, **settings)[0]

    def load() -> AccountAPI:
        from ape_test.accounts import TestAccount

        return TestAccount(index=index, address_str=address, private_key=key)

    return ApeAccount(choice, str(address), load)


def _of_ape(alias: str, address: str, rpc: Rpc) -> tuple[ApeAccount | None, list[str]]:
    """The account of Ape with this alias or address, and what went wrong with its plugins."""
    from mikoshi.chain.ape import SafeAccount

    for each in _key_files() if address else ():
        with suppress(BadInputError):
            if (account := _key_file(each)).address == address:
                return account, []
    accounts, failed = _of_plugins(rpc)
    found = next((each for each in accounts if alias == each.name or address == each.address), None)
    if isinstance(found, SafeAccount):
        found.require_chain(rpc.chain_id())
    return found, failed


def _of_plugins(rpc: Rpc | None = None) -> tuple[list[ApeAccount], list[str]]:
    """The accounts of Ape's plugins, and what went wrong with those that cannot be read."""
    from mikoshi.chain.ape import ApeAccount, SafeAccount
    from mikoshi.chain.networks import opened, quiet, told_by

    found: list[ApeAccount] = []
    failed: list[str] = []
    with quiet():
        containers = dict(opened().accounts.containers)
        containers.pop("accounts")  # the key files
        for plugin, container in containers.items():
            kind = SafeAccount if plugin == "safe" else ApeAccount
            try:
                for each in container.accounts:
                    name, address = each.alias or short(each.address), str(each.address)
                    found.append(kind(name, address, partial(lambda api: api, each), rpc))
            except (Exception, SystemExit) as error:
                failed.append(f"{plugin}: {told_by(error)}")
    return found, failed


def _held(rpc: Rpc) -> list[str]:
    """The accounts that the node signs for; a public node has none."""
    try:
        return [parse_wallet(address) for address in rpc.call("eth_accounts") or []]
    except RpcError:
        return []


def _impersonated(address: str, rpc: Rpc) -> bool:
    """Whether a development node signs for this address from now on."""
    try:
        rpc.call("anvil_impersonateAccount", address)
    except RpcError:
        return False
    return True


def _unknown(choice: str | None, failed: Sequence[str] = ()) -> BadInputError:
    known = aliases()
    return BadInputError(
        "account.unknown",
        N_("Say who sends: --account ALIAS")
        if choice is None
        else N_("There is no account {choice}"),
        [
            N_("there are: {known}") if known else N_("Ape has no accounts yet"),
            *([N_("a plugin of Ape failed: {failed}")] if failed else []),
        ],
        N_("Give one of these, or make another with `ape accounts generate NAME`")
        if known
        else N_(
            "Make one with `ape accounts generate NAME`, or bring one with "
            "`ape accounts import NAME`"
        ),
        choice=quoted(choice) if choice else choice,
        known=listed(known),
        failed=clauses(failed),
    )
