"""What members sign: ballots and other acts, as typed data, as files in words, and in batches."""

from mikoshi.ballots.batch import BallotResult, Batch, Outcome, cast, make_batches, preview, summary
from mikoshi.ballots.file import load
from mikoshi.ballots.messages import MESSAGES, NO_END, Message, governor_message, membership_message
from mikoshi.ballots.proposal import Call, Draft
from mikoshi.ballots.signed import Signed, compact, expand, sign

__all__ = [
    "MESSAGES",
    "NO_END",
    "BallotResult",
    "Batch",
    "Call",
    "Draft",
    "Message",
    "Outcome",
    "Signed",
    "cast",
    "compact",
    "expand",
    "governor_message",
    "load",
    "make_batches",
    "membership_message",
    "preview",
    "sign",
    "summary",
]
