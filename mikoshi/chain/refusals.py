"""What gas costs, and why nothing is sent, or what was sent was not seen mined, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mikoshi.text.errors import BadInputError, ChainError, NotNowError, Plural
from mikoshi.text.language import N_, _, command
from mikoshi.text.people import short
from mikoshi.text.units import format_amount

GAS_CAP = 2**24
"""Gas that one transaction may use at most (EIP-7825)."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What a unit of gas costs: at most `max_fee` wei, of which `tip` wei at most for the miner."""

    max_fee: int
    tip: int
    base: int

    @property
    def expected(self) -> int:
        """Wei for a unit of gas in the next block."""
        return self.base + self.tip

    def priced(self, gas: int) -> str:
        """`0.033 ETH (16,718,430 gas at 2 gwei)`: what gas costs in the next block."""
        cost = format_amount(gas * self.expected, "ETH", digits=2)
        price = format_amount(self.expected, "gwei", 9, digits=3)
        return _("{cost} ({gas:,} gas at {price})", cost=cost, gas=gas, price=price)


def dearer(told: Fees, now: Fees) -> ChainError:
    """The refusal of a price far above the one that was told."""
    before, after = (format_amount(each.max_fee, "gwei", 9, digits=3) for each in (told, now))
    return ChainError(
        "gas.dearer",
        N_("Gas costs far more than was shown"),
        N_("up to {after}, it was {before}"),
        N_(
            "Run the command again to see the new price, or name another node with "
            "--network; this was not sent"
        ),
        after=after,
        before=before,
    )


if TYPE_CHECKING:
    from mikoshi.chain.accounts import Account


class OvertakenError(ChainError):
    """Thrown when another program sent a transaction of the account with the same nonce."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "transaction.overtaken",
            N_("Another program sent a transaction of account {name} at the same moment"),
            N_("so this one was refused, and changed nothing"),
            N_("Run the same command again"),
            name=name,
        )


class OnItsWayError(ChainError):
    """Thrown when what would be sent fails behind everything that waits to be mined."""

    def __init__(self) -> None:
        super().__init__(
            "transaction.on-its-way",
            N_("This would fail in the next block, though not yet in this one"),
            N_("a transaction that waits to be mined does it already, or its time is over"),
            N_("Run the same command again in a minute: it finds what was done; this was not sent"),
        )


def wrong_chain(expected: int, actual: int, file: str = "") -> BadInputError:
    """The refusal to work on another chain than the one that was meant, by `file` if given."""
    return BadInputError(
        "chain.another",
        N_("The node is on chain {actual}, and {meant} is for chain {expected}"),
        N_("what is meant for one chain must not happen on another"),
        N_(
            "Name a node of chain {expected} with --network, or correct dao.chain_id; "
            "nothing was sent"
        ),
        actual=actual,
        meant=file or _("this command"),
        expected=expected,
    )


def too_little(account: Account, chain_id: int, balance: int, needed: int) -> BadInputError:
    """The refusal to send what the account cannot pay for; both in wei."""
    has, needs, lacks = (
        format_amount(wei, "ETH", digits=4) for wei in (balance, needed, needed - balance)
    )
    return BadInputError(
        "account.too-little",
        N_("{name} ({short}) has too little: {has}"),
        N_("up to {needs} is needed, {lacks} is missing"),
        N_(
            "Send it to {address} on chain {chain_id}, and run the command again; this was not sent"
        ),
        name=account.name,
        short=short(account.address),
        has=has,
        needs=needs,
        lacks=lacks,
        address=account.address,
        chain_id=chain_id,
    )


def wrong_passphrase(name: str) -> BadInputError:
    """That the passphrase of a key file is another."""
    return BadInputError(
        "account.wrong-passphrase",
        N_("The passphrase of account {name} is wrong"),
        N_("its key cannot be opened"),
        N_("Give the right one, or set it for one run: {set_it}; nothing was sent"),
        name=name,
        set_it=_setting(name),
    )


def locked(name: str) -> BadInputError:
    """That nobody can be asked for the passphrase of a key file."""
    return BadInputError(
        "account.locked",
        N_("The passphrase of account {name} is needed"),
        N_("there is no terminal to ask for it"),
        N_("Set it for one run: {set_it}; nothing was sent"),
        name=name,
        set_it=_setting(name),
    )


def _setting(name: str) -> str:
    """How to give a passphrase; a shell cannot `export` a name with a dash."""
    return f"env 'APE_ACCOUNTS_{name}_PASSPHRASE=…' {command('…')}"


def signed_another(name: str) -> BadInputError:
    """That a signature is not that of this account under this transaction."""
    return BadInputError(
        "account.signed-another",
        N_("{name} did not sign what it was asked to"),
        N_("the signature is missing, or is that of another account or transaction"),
        N_("Look whether --account names the right one; this was not sent"),
        name=name,
    )


def unable(name: str) -> BadInputError:
    """That an account does not sign such a thing."""
    return BadInputError(
        "account.unable",
        N_("Account {name} cannot sign this"),
        N_("its plugin does not do that"),
        N_(
            "Name another account with --account, or sign with a wallet elsewhere "
            "(--typed-data, --export); this was not sent"
        ),
        name=name,
    )


def failed(name: str, reason: str) -> BadInputError:
    """That an account failed, in the words of its plugin."""
    return BadInputError(
        "account.failed",
        N_("Account {name} did not sign"),
        "{reason}",
        N_(
            "Look whether it is plugged in, unlocked and confirmed there, and run the "
            "command again; this was not sent"
        ),
        name=name,
        reason=reason,
    )


def refused(name: str) -> NotNowError:
    """That an account was not willing, or whoever holds it."""
    return NotNowError(
        "account.refused",
        N_("Account {name} was not willing to sign"),
        N_("it refused, or somebody said no"),
        N_("Run the command again and confirm it there; this was not sent"),
        name=name,
    )


def stuck(account: Account, nonce: int, count: int) -> ChainError:
    """That `count` transactions of the account are not mined, the first with this nonce."""
    name, address = account.name, account.address
    return ChainError(
        "account.stuck",
        Plural(
            "Account {name} has a transaction that is not mined, with nonce {nonce}",
            "Account {name} has {count} transactions that are not mined, from nonce {nonce} on",
            count,
        ),
        N_("it may be one of this very job"),
        N_(
            "Wait until it is mined; or, in a wallet that has {address}, speed up or "
            "cancel the transaction with nonce {nonce} (cancel: send 0 ETH to {address} "
            "with the same nonce and a higher fee). Then run the command again; nothing "
            "was sent",
        ),
        name=name,
        count=count,
        address=address,
        nonce=nonce,
    )


def gone(digest: str, reason: str) -> ChainError:
    """That a transaction which was sent was not seen mined in time."""
    return ChainError(
        "transaction.not-seen",
        N_("Transaction {digest} was not seen mined"),
        "{reason}",
        N_("Run the same command again: it finds what was done and continues"),
        digest=digest,
        reason=reason,
    )


def no_own_node() -> BadInputError:
    """The refusal of a chain that would end with the command."""
    return BadInputError(
        "network.no-own-node",
        N_("No node of your own runs here"),
        N_("the chain of this computer would end with this command, and everything on it"),
        N_("Start one that stays with `ape run play start`, or name another with --network"),
    )


def own_node_stopped(host: str) -> ChainError:
    """The refusal to go on where the node of one's own does not answer at `host`."""
    return ChainError(
        "node.own-stopped",
        N_("Your own node does not run"),
        N_("nobody answers at {host}: it was stopped, or this computer was"),
        N_("Start it with `ape run play start`: it goes on where it stopped"),
        host=host,
    )
