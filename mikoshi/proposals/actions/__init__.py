"""The actions by their names. A new part adds its module here."""

from mikoshi.proposals.action import Action
from mikoshi.proposals.actions import call, contribution, membership, parameters, roles, treasury

_ALL: tuple[type[Action], ...] = (
    *treasury.ACTIONS,
    *roles.ACTIONS,
    *contribution.ACTIONS,
    *membership.ACTIONS,
    *parameters.ACTIONS,
    call.CallAction,
)

ACTIONS = {each.verb: each for each in _ALL}
"""Every action that a proposal's file may name. `call`, the last, can be read from any call."""
