"""What the server takes and gives, as OpenAPI tells it and as it is checked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mikoshi.ballots.line import LONGEST, MARK

MOST = 100
"""Rows of one answer."""

LONGEST_LINE = len(MARK) + 2 + LONGEST

Hex32 = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
Number = Annotated[str, Field(pattern=r"^[0-9]{1,78}$")]
Seconds = Annotated[int, Field(ge=0, description="Unix seconds; 0 where there is none.")]


class Input(BaseModel):
    """What somebody gives."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LineModel(Input):
    """A signed act, as the line that is pasted into a chat."""

    line: Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]


class Refusal(BaseModel):
    """Why something is refused: a kind that never changes, and lines for people."""

    kind: str
    lines: list[str]


class FateModel(BaseModel):
    """What became of an act."""

    id: Hex32
    fate: Literal["waiting", "sent", "counted", "refused"]
    transaction: Hex32 | None = None
    refusal: Refusal | None = None


class Health(BaseModel):
    """Whether the server sees its chain."""

    block: int
    time: Seconds
    waiting: int


class People(BaseModel):
    """Members by how they stand, and everybody who ever was one."""

    active: int
    dormant: int
    newcomer: int
    absent: int
    ever: int


class DaoModel(BaseModel):
    """A DAO as of a block."""

    name: str
    chain_id: int
    treasury: Address
    membership: Address
    token: Address
    governor: Address
    block: int
    time: Seconds
    members: People
    voice: Annotated[Number, Field(description="Of all Active members. 1 voice = 1e9.")]
    proposals: int
    relays: bool


class MemberModel(BaseModel):
    """A person. Voice in billionths."""

    id: int
    wallet: Address
    standing: str
    joined: Seconds
    last_act: Seconds
    delegate: Annotated[int | None, Field(description="Who speaks for them, by number.")]
    voice: Annotated[Number, Field(description="What they speak with. 1 voice = 1e9.")]


class Members(BaseModel):
    """A page of members, by number."""

    block: int
    rows: list[MemberModel]
    next: Annotated[int | None, Field(description="`after` of the next page.")]


class Counted(BaseModel):
    """People that a proposal has and needs."""

    have: int
    needed: int


class Votes(BaseModel):
    """Voice of each side. 1 voice = 1e9."""

    for_: Annotated[Number, Field(alias="for")]
    against: Number
    abstain: Number


class ProposalModel(BaseModel):
    """A proposal, without its text."""

    number: int
    id: Number
    governor: Address
    title: str
    binding: bool
    state: str
    proposer: int
    opens: Seconds
    closes: Seconds
    eta: Seconds
    expiry: Seconds
    people: Counted
    votes: Votes


class Call(BaseModel):
    """A call of a proposal."""

    target: Address
    value: Number
    data: Annotated[str, Field(pattern=r"^0x([0-9a-f]{2})*$")]


class BallotModel(BaseModel):
    """A ballot."""

    member: int
    support: int
    voice: Number
    people: int
    time: Seconds


class WholeProposal(ProposalModel):
    """A proposal with its text, its calls, and a page of its ballots, by member."""

    description: str
    calls: list[Call]
    ballots: list[BallotModel]
    next: Annotated[int | None, Field(description="`after` of the next page of ballots.")]


class Proposals(BaseModel):
    """A page of proposals, the latest first."""

    block: int
    rows: list[ProposalModel]
    next: Annotated[int | None, Field(description="`before` of the next page.")]


class Page(Input):
    """Which rows."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: Annotated[int, Field(ge=1, le=MOST, description="Rows.")] = MOST


class After(Page):
    """Rows behind a number."""

    after: Annotated[int, Field(ge=0, le=2**31, description="Numbers above this one.")] = 0


class Before(Page):
    """Rows before a number."""

    before: Annotated[int, Field(ge=0, le=2**31, description="Numbers below this one.")] = 2**31


class ActId(Input):
    """An act."""

    id: Annotated[Hex32, Field(description="keccak-256 of the line's bytes without checksum.")]


class MemberId(Input):
    """A member."""

    model_config = ConfigDict(extra="forbid", strict=False)

    id: Annotated[int, Field(ge=1, lt=2**24)]


class ProposalId(Input):
    """A proposal, by its number in this DAO or its id."""

    id: Number
