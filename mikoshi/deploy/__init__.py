"""Bringing a DAO onto a chain: a plan first, then as few transactions as it takes, each once."""

from mikoshi.deploy.adopt import adopt
from mikoshi.deploy.journal import Journal
from mikoshi.deploy.opening import open_record, require_presence
from mikoshi.deploy.perform import perform, write_record
from mikoshi.deploy.plan import Plan, Step, make_plan
from mikoshi.deploy.target import aligned, founding

__all__ = [
    "Journal",
    "Plan",
    "Step",
    "adopt",
    "aligned",
    "founding",
    "make_plan",
    "open_record",
    "perform",
    "require_presence",
    "write_record",
]
