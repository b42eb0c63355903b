"""Serve the page, what is known of the DAO, and a relay for what members sign."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _

_GWEI = 10**9


@click.command(
    cls=Command,
    short_help="Serve the page and relay what members sign.",
    epilog="serve --account Aoi --budget 0.05",
)
@takes(config=True, network=True, account=True, writes=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="On which port."
)
@click.option(
    "--store",
    envvar="MIKOSHI_STORE",
    show_envvar=True,
    metavar="URL",
    help="Where acts are kept: a file, or postgresql://…, which several servers may share.",
)
@click.option(
    "--budget",
    default=0.05,
    show_default=True,
    type=click.FloatRange(0, 1e6),
    metavar="ETH",
    help="ETH that the account spends in a day at most.",
)
@click.option(
    "--member-budget",
    default=0.005,
    show_default=True,
    type=click.FloatRange(0, 1e6),
    metavar="ETH",
    help="ETH of it for one member at most.",
)
@click.option(
    "--max-gas-price",
    default=50.0,
    show_default=True,
    type=click.FloatRange(0, 1e6, min_open=True),
    metavar="GWEI",
    help="Above this price nothing is sent.",
)
@click.option(
    "--batch",
    default=100,
    show_default=True,
    type=click.IntRange(1, 250),
    metavar="N",
    help="So many ballots on one proposal are sent at once.",
)
@click.option(
    "--batch-seconds",
    default=60,
    show_default=True,
    type=click.IntRange(0, 86_400),
    metavar="S",
    help="A ballot waits for others for so long at most.",
)
@click.option(
    "--proxy",
    is_flag=True,
    help="Believe the last address of X-Forwarded-For: a proxy stands in front.",
)
@click.option(
    "--gate-domain",
    default="",
    metavar="DOMAIN",
    help="Who signed in also passes on the hosts under it: example.org for dao.example.org.",
)
@deployments_option
def cli(
    session: Session,
    host: str,
    port: int,
    store: str | None,
    budget: float,
    member_budget: float,
    max_gas_price: float,
    batch: int,
    batch_seconds: int,
    proxy: bool,
    gate_domain: str,
    deployments: Path | None,
) -> None:
    """Serve the page, an API that reads (/openapi.json), and a relay for what members sign.

    --account pays for signed acts, within the budgets; without one nothing is relayed. It listens
    on this computer alone; for others put a server with https in front, and name it in dao.toml
    ([page] url). It tells what is due (/calendar.ics, /feed.atom, and chats as `remind` does), and
    a reverse proxy who is a member (/gate). Stop it with Ctrl-C: what waits is sent when it runs
    again.
    """
    from urllib.parse import urlsplit

    from mikoshi.reminders.hook import hooks
    from mikoshi.serve.judging import Terms
    from mikoshi.serve.server import listening, server_of
    from mikoshi.serve.start import opened, sponsor_of

    terms = Terms(
        round(budget * _GWEI),
        round(member_budget * _GWEI),
        round(max_gas_price * _GWEI),
        batch,
        batch_seconds,
    )
    account, out = sponsor_of(session), session.out
    if account is None:
        out.say(_("no --account: nothing is relayed"))
    else:
        out.say(
            _(
                "{name} ({address}) pays up to {budget} ETH a day, {member} ETH for one member",
                name=account.name,
                address=account.address,
                budget=format(budget, "g"),
                member=format(member_budget, "g"),
            )
        )
        if not session.go_ahead(beside=True):
            return
        account.unlock()
    with listening(host, port) as socket:
        url = session.config.page.url or f"http://localhost:{port}/"
        served = opened(
            *(session, deployments, account, terms, store),
            proxied=proxy,
            origin="{0.scheme}://{0.netloc}".format(urlsplit(url)).lower(),
            domain=gate_domain.lower().lstrip("."),
            hooks=hooks(),
        )
        try:
            here = host in ("127.0.0.1", "::1", "localhost")
            out.good(_("serving {url}", url=url))
            if not here:
                out.warn(
                    _("passkeys need https for everybody but this computer: put a server in front")
                )
            server_of(served.app).run(sockets=[socket])
            out.say(_("stopped; what waits is sent when it runs again"))
        finally:
            served.close()
