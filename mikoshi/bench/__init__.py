"""Gas of what members do, on Mikoshi and on the ordinary kit, measured in one run on one node."""

from mikoshi.bench.operations import OPERATIONS
from mikoshi.bench.report import REPORT, Report, differences
from mikoshi.bench.run import STEPS, explain, measure

__all__ = [
    "OPERATIONS",
    "REPORT",
    "STEPS",
    "Report",
    "differences",
    "explain",
    "measure",
]
