"""Is the DAO alive? What its events tell, with alarms: `ape run report`."""

from mikoshi.report.alarm import Alarm, State
from mikoshi.report.alarms import evaluate, ringing
from mikoshi.report.facts import Facts
from mikoshi.report.report import Report, build

__all__ = ["Alarm", "Facts", "Report", "State", "build", "evaluate", "ringing"]
