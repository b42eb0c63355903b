"""Deployment records: deployments/<chain id>/<slug>.json, written by `deploy`, read by the rest.

A record is written whole or not at all. While a creation is under way its plan is beside it in
<slug>.pending.json, so that an interrupted one goes on with the very same parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Chain, OpenChain
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import Dao, clone_code, governor_codes, implementation, module_args
from mikoshi.text import language
from mikoshi.text.console import shortened
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import NoTextError, read_json, reason_of, write_atomically
from mikoshi.text.json import Json, plain
from mikoshi.text.language import N_, listed
from mikoshi.text.paths import community, shown

FORMAT = 2

_FIRST_EDITION = 1
"""The format of records of 0.1 and 0.2, whose DAOs have other contracts."""

PARTS = (N_("treasury"), N_("membership"), N_("token"), N_("governor"))
"""The names of the addresses in a record."""

_SUCCESSION = f"0x{keccak(text='SUCCESSION').hex()}"
_SLUG = r"[a-z0-9][a-z0-9-]{0,39}"
_SHAPES: dict[str, type | tuple[type, ...]] = {
    "chain_id": int,
    "block": (int, type(None)),
    "addresses": dict,
    "shared": dict,
    "transactions": dict,
    "modules": list,
    "module_addresses": list,
    "roles": list,
    "compiler": dict,
}
_QUOTED = 160  # characters
_SHOWN = 5  # records that are named where another is missing


@dataclass(frozen=True)
class Manifest:
    """A DAO on a chain, as it was created.

    `params` are `IDAOFactory.Params` and, with `salt` and the factory, decide every address.
    `addresses` has treasury, membership, token and governor; `shared` the factory, the card and
    the implementations; `transactions` hashes by what they did. `block` is the creation's; before
    that it is None. `roles` are those given by vote later and accepted since: name → holders.

    `governors` followed the one of the record, in order, and have the code of this kit; `foreign`
    is who governs now where that code is another one. `attached` is the Succession that a vote gave
    its role. They are the chain's and stand in no file.
    """

    slug: str
    chain_id: int
    params: dict[str, Any]
    salt: bytes
    config_hash: bytes
    addresses: dict[str, str]
    shared: dict[str, str]
    block: int | None = None
    transactions: dict[str, str] = field(default_factory=dict)
    modules: list[dict[str, Any]] = field(default_factory=list)
    module_addresses: list[str] = field(default_factory=list)
    roles: list[dict[str, str]] = field(default_factory=list)
    compiler: dict[str, Any] = field(default_factory=dict)
    governors: tuple[str, ...] = ()
    foreign: str = ""
    attached: str = ""
    json: ClassVar[str] = "block addresses"

    @property
    def t0(self) -> int:
        """The DAO's t₀, Unix seconds."""
        return int(self.params["voice"]["t0"])

    @property
    def name(self) -> str:
        """The DAO's name."""
        return str(self.params["name"])

    @property
    def succession(self) -> str:
        """Where the DAO's Succession is; empty if it has none of this kit."""
        made = self.shared.get("Succession", implementation("Succession"))
        cloned = zip(self.modules, self.module_addresses, strict=False)
        founding = (at for module, at in cloned if module["implementation"] == made)
        return next(founding, self.attached)

    def dao(self, chain: Chain, contracts: Mapping[str, Artifact] | None = None) -> Dao:
        """The DAO's contracts, ready to be called: the governor is the last one that is known."""
        at, modules = self.addresses, tuple(self.module_addresses)
        treasury, membership, token, founding = (at[part] for part in PARTS)
        *former, governor = founding, *self.governors
        parts = treasury, membership, token, governor
        return Dao(chain, *parts, modules, contracts, tuple(former), self.succession)

    def following(self, chain: OpenChain, governors: Iterable[str]) -> Self:
        """The same DAO with whoever was in office, in order, the last one now.

        Raises RpcError and UnreachableError.
        """
        later = [each for each in governors if each != self.addresses["governor"]]
        known = tuple(each for each in later if chain.code(each) in self._governor_codes)
        foreign = later[-1] if later and later[-1] not in known else ""
        return replace(self, governors=known, foreign=foreign, attached=self._attached(chain))

    def _attached(self, chain: OpenChain) -> str:
        """Whom a vote gave the role SUCCESSION and who is a Succession of this very DAO."""
        code = clone_code(implementation("Succession"), module_args(self.addresses, self.t0))
        holders = (each["holder"] for each in self.roles if each["role"] == _SUCCESSION)
        return next((each for each in holders if chain.code(each) == code), "")

    @cached_property
    def _governor_codes(self) -> list[bytes]:
        """The codes of a governor of this DAO: of the kit that made it, and of this version."""
        base, at = self.params["voice"]["base"], self.addresses
        made_of = self.shared["DAOGovernor"], implementation("DAOGovernor")
        return governor_codes(at["membership"], base, at["treasury"], *made_of)

    def with_transaction(self, step: str, transaction: str) -> Manifest:
        """The record with one more transaction."""
        return replace(self, transactions=self.transactions | {step: transaction})

    # Files

    @staticmethod
    def path(chain_id: int, slug: str, folder: Path | None = None) -> Path:
        """Where the record of a DAO is: in `folder`, or the community's `deployments`."""
        return (folder or community() / "deployments") / str(chain_id) / f"{slug}.json"

    @staticmethod
    def pending_path(chain_id: int, slug: str, folder: Path | None = None) -> Path:
        """Where the plan of a creation under way is."""
        return Manifest.path(chain_id, f"{slug}.pending", folder)

    def save(self, path: Path) -> None:
        """Write the record, whole or not at all, and on the disk when this returns."""
        entries: dict[str, Any] = {"format": FORMAT}
        entries |= {name: getattr(self, name) for name in _kept()}
        write_atomically(path, json.dumps(plain(entries), indent=2, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path, command: str = "") -> Self:
        """Read a record, which `command` (`deploy` if empty) writes.

        Raises BadInputError when there is none, when it is damaged, and when its DAO has the
        contracts of 0.1 or 0.2.
        """
        try:
            entries = read_json(path)
        except FileNotFoundError as error:
            raise _missing(path, command or language.command("deploy")) from error
        except OSError as error:
            raise _damaged(path, reason_of(error)) from error
        except NoTextError as error:
            raise _damaged(path, error) from error
        if isinstance(entries, dict) and entries.get("format") == _FIRST_EDITION:
            raise _of_another_edition(path, entries)
        try:
            return cls._from_json(entries)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise _damaged(path, shortened(reason, _QUOTED)) from error

    @classmethod
    def _from_json(cls, entries: dict[str, Json]) -> Self:
        if entries["format"] != FORMAT:
            raise ValueError(f"format {entries['format']}, this version reads {FORMAT}")
        if not re.fullmatch(_SLUG, entries["slug"]):
            raise ValueError(f"slug {entries['slug']}: no name for files")
        types = params_types()
        known = {name: entries[name] for name in _kept()}
        for name, kinds in _SHAPES.items():
            if not isinstance(known[name], kinds):
                raise ValueError(f"{name}: {known[name]}")
        known["params"] = _from_json(types[0], known["params"])
        known["modules"] = _from_json(types[1], known["modules"])
        for name in ("salt", "config_hash"):
            known[name] = bytes.fromhex(known[name].removeprefix("0x"))
        for part in PARTS:
            known["addresses"][part] = to_checksum_address(known["addresses"][part])
        for name in (*known["shared"], "DAOFactory"):
            known["shared"][name] = to_checksum_address(known["shared"][name])
        known["module_addresses"] = [
            to_checksum_address(each) for each in known["module_addresses"]
        ]
        entries_ = [
            *known["transactions"].values(),
            *(v for r in known["roles"] for v in r.values()),
        ]
        if not all(isinstance(each, str) for each in entries_):
            raise ValueError("transactions or roles")
        return cls(**known)


def _kept() -> list[str]:
    """The fields that a record has."""
    of_the_chain = ("governors", "foreign", "attached")
    return [each.name for each in fields(Manifest) if each.name not in of_the_chain]


def params_types() -> tuple[Json, Json]:
    """The ABI entries of `create`'s parameters and modules."""
    abi = artifacts.project()["DAOFactory"].abi
    create = next(each for each in abi if each.get("name") == "create")
    return create["inputs"][0], create["inputs"][1]


def config_hash(params: Mapping[str, Any], modules: list[dict[str, Any]]) -> bytes:
    """The hash of everything a DAO begins with, as the factory computes it."""
    pairs = list(zip(params_types(), (params, modules), strict=True))
    kinds = [_signature(kind) for kind, _ in pairs]
    return keccak(encode(kinds, [_to_tuple(kind, value) for kind, value in pairs]))


def _missing(path: Path, command: str) -> BadInputError:
    others = [each for each in path.parent.parent.glob("*/*.json") if each.parent.name.isdecimal()]
    records = sorted(
        shown(each)
        for each in others
        if not each.name.endswith(".pending.json") and each.name[0] != "."
    )
    nowhere = N_("This DAO has not been deployed to this chain from this folder")
    return BadInputError(
        "deployment.missing",
        N_("{path} does not exist"),
        [nowhere, N_("there is {known}")] if records else nowhere,
        N_(
            "Copy the record from whoever deployed it; if nobody did, run `{command}`. "
            "For one that is there, give its --config and --network"
        )
        if records
        else N_("Copy the record from whoever deployed it; if nobody did, run `{command}`"),
        path=shown(path),
        command=command,
        known=listed(records[:_SHOWN]),
    )


def _of_another_edition(path: Path, entries: Mapping[str, Any]) -> BadInputError:
    compiler = entries.get("compiler")
    version = compiler.get("mikoshi", "") if isinstance(compiler, dict) else ""
    return BadInputError(
        "deployment.of-another-edition",
        N_("{path} is the record of a DAO of mikoshi {version}: of the first edition of the core"),
        N_(
            "its contracts have other rules than this version knows, and contracts do not change "
            "once they are on a chain"
        ),
        N_(
            "Use mikoshi 0.2 for it; for the rules of this edition found a new DAO with another "
            "slug, and let a vote of the old one pay over what it has"
        ),
        path=shown(path),
        version=version or "0.1",
    )


def _damaged(path: Path, reason: object) -> BadInputError:
    return BadInputError(
        "deployment.damaged",
        N_("{path} cannot be used"),
        "{reason}",
        N_(
            "It is written by `ape run deploy` and not edited by hand; restore it, for "
            "example with `git checkout`"
        ),
        path=shown(path),
        reason=reason,
    )


def _signature(kind: Json) -> str:
    if not kind["type"].startswith("tuple"):
        return str(kind["type"])
    inner = ",".join(_signature(part) for part in kind["components"])
    return f"({inner}){kind['type'].removeprefix('tuple')}"


def _to_tuple(kind: Json, value: Any) -> Any:
    if kind["type"].endswith("[]"):
        element = {**kind, "type": kind["type"][:-2]}
        return [_to_tuple(element, each) for each in value]
    if kind["type"] == "tuple":
        return tuple(_to_tuple(part, value[part["name"]]) for part in kind["components"])
    return value


def _from_json(kind: Json, value: Json) -> Any:
    """A value of a type of the ABI. Raises KeyError, TypeError, ValueError and AttributeError."""
    name = kind["type"]
    if name.endswith("[]"):
        return [_from_json({**kind, "type": name[:-2]}, each) for each in _a(list, value)]
    if name == "tuple":
        return {part["name"]: _from_json(part, value[part["name"]]) for part in kind["components"]}
    if name.startswith("bytes"):
        return bytes.fromhex(value.removeprefix("0x"))
    if name == "address":
        return to_checksum_address(value)
    if name.startswith("uint"):
        number = int(value)
        if not 0 <= number < 2 ** int(name.removeprefix("uint")):
            raise ValueError(f"{kind['name']}: {value}")
        return number
    return _a(bool if name == "bool" else str, value)


def _a(kind: type, value: Json) -> Any:
    if not isinstance(value, kind):
        raise TypeError(str(value))
    return value
