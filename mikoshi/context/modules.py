"""The parts that a DAO has beside its core."""

from __future__ import annotations

from mikoshi.chain.contract import Contract
from mikoshi.context.context import Context
from mikoshi.core.modules import MODULES


def modules_of(context: Context, section: str) -> list[Contract]:
    """The DAO's clones of a module that have its role, or wait for it; the first one first.

    Raises RpcError and UnreachableError.
    """
    module, treasury = MODULES[section], context.rebuilt.treasury
    role = module.role_hash
    holders = treasury.book.get(role, set())
    ordered = sorted(holders, key=lambda each: treasury.since[role, each])
    rpc, at, t0 = context.session.rpc, context.manifest.addresses, context.manifest.t0
    return [module.at(rpc, each) for each in ordered if module.is_code(rpc.code(each), at, t0)]
