"""A DAO rebuilt from its events alone, without reading the state of a contract."""

from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.logs import Log, read_logs
from mikoshi.replay.membership import Member, RebuiltMembership, Standing
from mikoshi.replay.voice import Voice

__all__ = [
    "Log",
    "Member",
    "RebuiltDao",
    "RebuiltMembership",
    "Standing",
    "Voice",
    "read_logs",
    "replay",
]
