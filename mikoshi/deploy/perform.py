"""Carrying out a plan: each step once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mikoshi.chain.contract import Snapshot
from mikoshi.chain.rpc import Rpc
from mikoshi.chain.sender import Sender
from mikoshi.context.sending import once
from mikoshi.core.manifest import Manifest
from mikoshi.deploy.creations import CREATE, creation_of, made_since
from mikoshi.deploy.journal import Journal
from mikoshi.deploy.plan import DeployPlan, DeployStep
from mikoshi.deploy.target import exists
from mikoshi.text import language
from mikoshi.text.errors import ChainError, NotNowError
from mikoshi.text.language import N_


def perform(
    plan: DeployPlan,
    sender: Sender,
    journal: Journal,
    done: Callable[[DeployStep], None] = lambda _: None,
) -> Manifest:
    """Send what is still missing and write the record, which is returned.

    `done` is told each step, also one that turns out to have been done before. It may be called
    again after any failure: what is on the chain is found, and nothing is done twice.
    Raises BadInputError if the account cannot pay for all of it, before anything is sent.
    """
    with journal.locked():
        sender.settle()  # a transaction of an earlier run may be on its way
        manifest = plan.manifest
        _check_current(sender.rpc, manifest, journal)
        if plan.steps:
            sender.require_balance(plan.needed)
        if manifest.block is None:
            journal.begin(manifest)
        for step in plan.steps:
            sender.pin()
            if not _is_done(sender.rpc, step, manifest):
                if step.name == CREATE:
                    _require_first(sender.rpc, plan)
                manifest = _send(sender, step, manifest)
                if manifest.block is None:
                    journal.note(manifest)
            if step.name == CREATE:
                manifest = _finish(sender.rpc, manifest, journal)
            done(step)
        if manifest.block is None or manifest != plan.manifest:
            manifest = _finish(sender.rpc, manifest, journal)
        return manifest


def write_record(plan: DeployPlan, rpc: Rpc, journal: Journal) -> Manifest:
    """The record of a DAO for which nothing is left to send; written, the plan put away."""
    if plan.manifest.block is not None and not journal.pending_path.exists():
        return plan.manifest
    with journal.locked():
        return _finish(rpc, plan.manifest, journal)


def _check_current(rpc: Rpc, manifest: Manifest, journal: Journal) -> None:
    """Refuse a plan that another run has overtaken."""
    current = journal.record() or journal.pending()
    if current is None or current.addresses == manifest.addresses or not exists(rpc, current):
        return
    raise NotNowError(
        "deploy.overtaken",
        N_("Another run of this command has created the DAO meanwhile"),
        N_("this plan would create a second one"),
        N_("Run the command again: it finds the first; nothing was sent"),
    )


def _require_first(rpc: Rpc, plan: DeployPlan) -> None:
    """Refuse to make what another computer has made since the plan."""
    made = made_since(rpc, plan.manifest, plan.block)
    if made is not None:
        raise NotNowError(
            "deploy.made-meanwhile",
            N_("This DAO has just been created by another run, in block {block:,}"),
            N_("this plan would make a second one beside that at {treasury}"),
            N_("Copy its record from there, or write it with `{command}`; this was not sent"),
            block=made.block,
            treasury=made.addresses["treasury"],
            command=f"{language.command('deploy')} --adopt {made.addresses['treasury']}",
        )


def _is_done(rpc: Rpc, step: DeployStep, manifest: Manifest) -> bool:
    if step.name == CREATE:
        return exists(rpc, manifest)
    if step.makes is not None:
        return bool(rpc.code(step.makes))
    membership = manifest.dao(rpc).membership
    asked = ((membership, "memberIdOf", (wallet,)) for wallet in step.admits)
    return all(Snapshot(rpc, behind=True).ask(asked))


def _send(sender: Sender, step: DeployStep, manifest: Manifest) -> Manifest:
    """Send a step; the record with its transaction."""
    receipt = once(
        lambda: sender.send(step.to, step.data), lambda: _is_done(sender.rpc, step, manifest)
    )
    if receipt is None:
        return manifest
    if step.makes is not None and not _is_done(sender.rpc, step, manifest):
        raise ChainError(
            "deploy.without-effect",
            N_("{step} was sent and mined, but is not on the chain"),
            N_("the node may be behind"),
            N_("Run the command again: it continues"),
            step=step.name,
        )
    return manifest.with_transaction(step.name, receipt["transactionHash"])


def _finish(rpc: Rpc, manifest: Manifest, journal: Journal) -> Manifest:
    """Write the record of a DAO that is on the chain."""
    if manifest.block is None:
        block, transaction = _creation_of(rpc, manifest)
        manifest = replace(manifest, block=block).with_transaction(CREATE, transaction)
    journal.finish(manifest)
    return manifest


def _creation_of(rpc: Rpc, manifest: Manifest) -> tuple[int, str]:
    """The block and the transaction in which the DAO was made, whoever sent it."""
    found = creation_of(rpc, manifest.shared["DAOFactory"], manifest.addresses["treasury"])
    if found is not None:
        return found.block, found.transaction
    raise ChainError(
        "deploy.creation-not-found",
        N_("The creation of the DAO was not found"),
        N_("the node does not give its events"),
        N_("Name a node with all events with --network, and run the command again"),
    )
