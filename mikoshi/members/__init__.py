"""The people of a DAO: who they are, and how more of them are admitted from a file."""

from mikoshi.members.admission import Admission, admit, plan_admission, refuse_public_keys
from mikoshi.members.rights import Right, right_to_admit
from mikoshi.members.roster import Row, roster

__all__ = [
    "Admission",
    "Right",
    "Row",
    "admit",
    "plan_admission",
    "refuse_public_keys",
    "right_to_admit",
    "roster",
]
