"""Acts on paper: signed here or elsewhere and put into a file, for whoever relays it."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _
from mikoshi.text.people import quoted

if TYPE_CHECKING:
    from mikoshi.ballots.messages import Message
    from mikoshi.ballots.proposal import ProposalDraft
    from mikoshi.ballots.signed import Signed
    from mikoshi.chain.accounts import Account
    from mikoshi.chain.rpc import Rpc
    from mikoshi.context.context import Context
    from mikoshi.replay.member import Member

P = ParamSpec("P")


@dataclass(frozen=True)
class SigningOptions:
    """How an act is signed: by the account here, or by `signer` in a wallet elsewhere.

    None of the three ways: it is no act on paper but a transaction.
    """

    sign_only: bool
    typed_data: bool
    signature: str | None
    signer: str | None
    until: str | None
    output: Path | None
    wanted: bool = field(init=False)

    def __post_init__(self) -> None:
        ways = (self.sign_only, self.typed_data, self.signature is not None)
        object.__setattr__(self, "wanted", any(ways))
        if sum(ways) > 1:
            raise BadInputError(
                "sign.several-ways",
                N_("The options do not fit together"),
                N_("--sign-only, --typed-data and --signature exclude each other"),
                N_("--help shows what each is for"),
            )
        if self.wanted and self.output is None:
            raise BadInputError(
                "sign.without-a-file",
                N_("The options do not fit together"),
                N_("the file to write is missing: -o FILE"),
                N_("--help shows what each is for"),
            )
        if not self.wanted and any((self.signer, self.until, self.output)):
            raise BadInputError(
                "sign.without-a-way",
                N_("The options do not fit together"),
                N_("--signer, --until and -o belong to --sign-only, --typed-data or --signature"),
                N_("--help shows what each is for"),
            )

    def wallet(self, context: Context) -> str:
        """Whose act it is. Raises BadInputError."""
        return find_wallet(context, self.signer) if self.signer else context.session.sender.address


def signing_options(function: Callable[P, None]) -> Callable[P, None]:
    """The options of a command whose act can be signed instead; it gets them as `signing`."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        names = ("sign_only", "typed_data", "signature", "signer", "until", "output")
        given: dict[str, Any] = kwargs
        given["signing"] = SigningOptions(**{name: given.pop(name) for name in names})
        function(*args, **kwargs)

    command: Callable[P, None] = run
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option("--sign-only", is_flag=True, help="Sign a file with --account; costs no ETH."),
    click.option("--typed-data", is_flag=True, help="Write what a wallet elsewhere is to sign."),
    click.option("--signature", metavar="0x…", help="What that wallet made; written into a file."),
    click.option("--signer", metavar="WHO", help="Whose act it is, by number, name or address."),
    click.option(
        "--until",
        metavar="TIME",
        help='How long the signature is good: "3 days", or until "2026-11-24 14:00" in your zone; '
        "with Z in UTC.",
    ),
    click.option(
        "--output",
        "-o",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The file to write.",
    ),
)


def find_wallet(context: Context, text: str) -> str:
    """The wallet of whom a text means, as in a proposal's file. Raises BadInputError."""
    from mikoshi.config.kinds import ValueProblemError

    try:
        return context.book.address(text)
    except ValueProblemError as error:
        raise BadInputError(
            "person.not-found",
            N_("Nobody here is {text}"),
            N_("it {problem}"),
            N_("`ape run members list` shows everyone; --names FILE adds names"),
            text=quoted(text),
            problem=error,
        ) from None


def write_signed_act(
    context: Context,
    signing: SigningOptions,
    message: Message,
    signer: Member,
    command: str,
    draft: ProposalDraft | None,
    opens: int | None = None,
) -> dict[str, Any]:
    """Sign or prepare a message and write its file; what programs get of it.

    `command` is the command that is run again with the signature of a wallet elsewhere; `opens` is
    when the act can be sent, None for at once. A `draft` that is not proven to be that of the
    message gives no title. Raises BadInputError, RpcError and UnreachableError.
    """
    from mikoshi.ballots.file import require_new, write_new
    from mikoshi.ballots.words import describe

    session, out = context.session, context.session.out
    path = signing.output
    if path is None:
        raise AssertionError("acts on paper have a file")
    require_new(path)
    if draft is not None and draft.id != message.values.get("proposalId"):
        draft = None
    says = describe(message, draft)
    out.say(says)
    result = {"says": says, "typed_data": message.typed_data(), "file": None}
    if session.options.dry_run:
        out.next_step(_("without --dry-run it is written"))
        return result
    if signing.typed_data:
        write_new(path, message.typed_data())
        out.good(_("wrote {path}", path=path))
        again = f"{command}{_end_option(message)} --signer {shlex.quote(signer.wallet)}"
        ballot = shlex.quote(str(path.with_suffix(".ballot")))
        out.next_step(
            _("sign it in the wallet, then"),
            f"{again} --signature 0x… -o {ballot}",
        )
    else:
        _write_signed(context, _signed(context, signing, message, signer, draft), path, opens)
    return result | {"file": str(path)}


def _write_signed(context: Context, signed: Signed, path: Path, opens: int | None) -> None:
    from mikoshi.ballots.file import to_json, write_new
    from mikoshi.text.units import format_when

    write_new(path, to_json(signed))
    session, out = context.session, context.session.out
    relay = session.command(f"relay {shlex.quote(str(path))}")
    if session.live:  # whoever signs may have no ETH
        relay += " --account ALIAS"
    out.good(_("signed: {path}", path=path))
    if opens is None:
        out.next_step(_("anybody with some ETH sends it"), relay)
    else:
        when = format_when(opens, context.now)
        out.next_step(_("{when}, anybody with some ETH sends it", when=when), relay)


def _signed(
    context: Context,
    signing: SigningOptions,
    message: Message,
    signer: Member,
    draft: ProposalDraft | None,
) -> Signed:
    from mikoshi.ballots.signed import Signed, accepted, copied_signature
    from mikoshi.text.people import show

    rpc, name = context.session.rpc, context.names.get(signer.wallet, "")
    if signing.signature is not None:
        signature = copied_signature(signing.signature)
    else:
        signature = signature_by(context.session.sender.account, rpc, message)
    signed = Signed(message, signer.wallet, signature, signer.id, name, draft)
    return accepted(signed, rpc, show(signer.wallet, signer.id, name))


def signature_by(account: Account, rpc: Rpc, message: Message) -> bytes:
    """The account's signature; its node is asked if it holds the key.

    Raises BadInputError, NotNowError, RpcError and UnreachableError.
    """
    from mikoshi.ballots.signed import parse_signature
    from mikoshi.chain.accounts import NodeAccount

    if not isinstance(account, NodeAccount):
        account.unlock()
        return parse_signature(account.sign_message(message.signable).hex())
    made = rpc.call("eth_signTypedData_v4", account.address, message.typed_data())
    return parse_signature(str(made))


def _end_option(message: Message) -> str:
    from mikoshi.text.clock import moment_text

    end = message.values.get("deadline")
    return "" if end is None else f" --until {moment_text(end)}"
