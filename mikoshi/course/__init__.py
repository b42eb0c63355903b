"""The course of a proposal: submitted, voted on, executed or cancelled."""

from mikoshi.course.acts import Act, cancelling, executing, proposing, voting
from mikoshi.course.course import Course
from mikoshi.course.record import Record, Records

__all__ = [
    "Act",
    "Course",
    "Record",
    "Records",
    "cancelling",
    "executing",
    "proposing",
    "voting",
]
