"""A node whose answers are no good JSON-RPC, in as many ways as there are, the same ones each time.

with WrongNode(node.url, random.Random(7)) as node:
    ...  # some of what it answers is wrong; `node.wrong` says what, and how often
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from mikoshi.text.json import Json
from tests.tooling.mutations import VALUES, places
from tests.tooling.proxy import CutError, FaultyRpc, HangUpError, HttpError

_HASH = "0x" + "5e" * 32
_NUMBERS = ("0x", "0x0", "0x-1", "1", "0xg", "0x1", "0x7fffffff", "0x" + "f" * 64, "0x" + "f" * 65)
_WORDS = (*_NUMBERS, _HASH, "0x" + "00" * 64, "0x" + "ff" * 32, "0xabc", 10**400, 1e999, -0.0)
_CODES = (*(200, 204, 301, 400, 401, 403, 404, 407, 413, 418, 422, 429, 451), *range(500, 505), 520)
_WAITS = ("-1", "0", "1", "99999999999", "soon", "Wed, 99 Foo 2026", "1e9", "\xb9", "")
_PAGES = (
    b"",
    b" \n",
    b"<!DOCTYPE html><html><head><title>502</title></head><body>" + b"gateway " * 500,
    b"upstream connect error",
    b"null",
    b"0",
    b"NaN",
    b'"busy"',
    b"[]",
    b"{}",
    b"[[]]",
    b"[null]",
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b'{"jsonrpc":"2.0","id":0,"result":"0x1"}{"jsonrpc":"2.0","id":0,"result":"0x1"}',
    b'data: {"jsonrpc":"2.0","id":0,"result":"0x1"}\n\n',
    b'{"jsonrpc":"2.0","id":0,"result":' + b"9" * 5_000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b'{"jsonrpc":"2.0","id":0,"result":"\\ud800"}',
)
_ERRORS: tuple[Any, ...] = (
    *("busy", 5, True, [], ["busy"], {}, {"code": "x"}, {"message": None}, {"message": 7}),
    *({"code": 10**30, "message": "x" * 100_000}, {"code": None, "message": ["no"]}),
    {"code": 3, "message": "execution reverted", "data": "0x08c379a0"},
    {"code": 3, "message": "execution reverted", "data": "0x" + "ff" * 68},
    {"code": 3, "message": "execution reverted", "data": {"data": [None, {"data": "0xzz"}]}},
    {"code": -32000, "message": "header not found"},
    {"code": -32601, "message": "the method does not exist"},
    {"code": -32700, "message": "\0\x1b[2J\u202ebusy\nbusy"},
)

Answers = list[dict[str, Json]]
Fault = Callable[[random.Random, Answers], Json]
"""What is answered to one request instead of the good answers to its calls; or raises HttpError."""


def _page(chance: random.Random, answers: Answers) -> Json:
    """Something else than an answer, in some HTTP status."""
    status = chance.choice((200, 200, *_CODES))
    wait = {"Retry_After": chance.choice(_WAITS)} if chance.random() < 0.3 else {}
    moved = {"Location": "http://127.0.0.1:1/"} if status == 301 else {}
    if chance.random() < 0.3:
        raise HttpError(status, json.dumps(answers).encode(), **wait, **moved)
    raise HttpError(status, chance.choice(_PAGES), **wait, **moved)


def _cut(chance: random.Random, answers: Answers) -> Json:
    """An answer cut short, with or without its length."""
    kind = chance.randrange(3)
    if kind < 2:
        raise (CutError, HangUpError)[kind]
    whole = json.dumps(answers if len(answers) > 1 else answers[0]).encode()
    raise HttpError(200, whole[: chance.randrange(len(whole))])


def _batch(chance: random.Random, answers: Answers) -> Json:
    """Another number of answers than of calls, or answers that name others."""
    match chance.randrange(7):
        case 0:
            return answers[: chance.randrange(len(answers))]
        case 1:
            return [*answers, *answers]
        case 2:
            return [*answers, {"jsonrpc": "2.0", "id": 10**6, "result": None}]
        case 3:
            return [each | {"id": 0} for each in answers]
        case 4:
            return [each | {"id": place + 1} for place, each in enumerate(answers)]
        case 5:
            return {str(place): each for place, each in enumerate(answers)}
        case _:
            return [*answers[:-1], chance.choice((None, [], "x", 7, [answers]))]


def _envelope(chance: random.Random, answers: Answers) -> Json:
    """One answer without what belongs around it, or with something else there."""
    wrong = chance.choice(answers)
    match chance.randrange(5):
        case 0:
            wrong["error"] = chance.choice(_ERRORS)
        case 1:
            wrong.pop("result", None)
            wrong["error"] = chance.choice(_ERRORS)
        case 2:
            del wrong[chance.choice([*wrong])]
        case 3:
            wrong["id"] = chance.choice((None, -1, "x", 0.5, [], {}, 10**30, True))
        case _:
            wrong["result"] = None
    return answers


def _other(chance: random.Random, answers: Answers) -> Json:
    """Results of another type, as a whole or somewhere inside."""
    for wrong in chance.sample(answers, chance.choice((1, len(answers)))):
        inside = [*places(wrong.get("result") or {})] if _nested(wrong.get("result")) else []
        if not inside or chance.random() < 0.3:
            wrong["result"] = _value(chance)
            continue
        for _ in range(chance.choice((1, 1, 3))):
            holder, key = chance.choice(inside)
            holder[key] = _value(chance)
    return answers


def _less(chance: random.Random, answers: Answers) -> Json:
    """Results that lack something."""
    wrong = chance.choice(answers)
    inside = [*places(wrong["result"])] if _nested(wrong.get("result")) else []
    if inside:
        holder, key = chance.choice(inside)
        del holder[key]
    elif isinstance(wrong.get("result"), str):
        wrong["result"] = wrong["result"][: chance.randrange(len(wrong["result"]) + 1)]
    else:
        wrong["result"] = None
    return answers


def _events(chance: random.Random, answers: Answers) -> Json:
    """Events that were not asked for, doubled, missing, taken back or out of order."""
    logs = next((each["result"] for each in answers if _has_logs(each.get("result"))), None)
    if logs is None:
        return _reorganised(chance, answers)
    other = chance.choice(logs)
    match chance.randrange(8):
        case 0:
            other["blockNumber"] = hex(int(other["blockNumber"], 16) + chance.choice((-1, 1, 9**9)))
        case 1:
            other["address"] = "0x" + "11" * 20
        case 2:
            logs.append(copy.deepcopy(other))
        case 3:
            chance.shuffle(logs)
        case 4:
            other["removed"] = True
        case 5:
            other["logIndex"] = "0x0"
        case 6:
            other["topics"] = other["topics"][: chance.randrange(4)]
        case _:
            other["data"] = other["data"][: 2 + 64 * chance.randrange(4)]
    return answers


def _reorganised(chance: random.Random, answers: Answers) -> Json:
    """Blocks of another chain, of another time, or none at all."""
    for wrong in answers:
        result = wrong.get("result")
        if not isinstance(result, dict | list | str) or not result:
            continue
        for each in result if isinstance(result, list) else [result]:
            if isinstance(each, dict):
                named = chance.choice(("hash", "blockHash", "parentHash", "number", "timestamp"))
                if named in each:
                    each[named] = chance.choice((_HASH, "0x1", "0x0", "0x" + "f" * 16))
        if isinstance(result, dict) and "timestamp" in result and chance.random() < 0.3:
            wrong["result"] = None
    return answers


PLAIN = (_page, _cut, _envelope)
"""What can be seen to be no answer: it is never taken for one."""

FAULTS: tuple[Fault, ...] = (_page, _cut, _batch, _envelope, _other, _less, _events, _reorganised)


class WrongNode(FaultyRpc):
    """From one of so many `requests` on, one or several or all are answered in a wrong way.

    `wrong` are those answers.
    """

    def __init__(self, url: str, chance: random.Random, requests: int) -> None:
        self.chance = chance
        self.fault = chance.choice(FAULTS)
        self.begin = chance.randrange(requests)
        self.left = chance.choice((1, 1, 2, 4, 10**9))
        self.wrong: list[bytes] = []
        super().__init__(url)

    def answer(self, body: bytes) -> bytes:
        """What this node answers to a request. Raises HttpError and others."""
        good = super().answer(body)
        self.begin -= 1
        if self.begin >= 0 or not self.left:
            return good
        self.left -= 1
        told = json.loads(good)
        try:
            said = self.fault(self.chance, told if isinstance(told, list) else [told])
        except HttpError as error:
            self.wrong.append(error.body)
            raise
        except (CutError, HangUpError):
            self.wrong.append(b"")
            raise
        if isinstance(said, list) and len(said) == 1 and not isinstance(told, list):
            (said,) = said
        self.wrong.append(json.dumps(said).encode())
        return self.wrong[-1]


def _value(chance: random.Random) -> Json:
    return copy.deepcopy(chance.choice((*VALUES, *_WORDS)))


def _nested(result: Json) -> bool:
    return isinstance(result, dict | list) and bool(result)


def _has_logs(result: Json) -> bool:
    return isinstance(result, list) and bool(result) and isinstance(result[0], dict)
