"""Compiled contracts for use over raw RPC, without Ape.

A wheel has them in a file. In a checkout `make` writes that file; where the sources have changed
since, they are compiled with the settings of ape-config.yaml, so the bytecode is the same as its.
The compiler (tools/solc) remembers its answers; asking again costs a fifth of a second.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.files import write_atomically
from mikoshi.text.language import N_
from mikoshi.text.paths import CONTRACTS, ROOT, SOLC, ToolMissingError, checkout

PACKED = Path(__file__).with_name("artifacts.json")
"""Where `pack` puts what it compiled."""

SETTINGS: dict[str, Any] = {
    "optimizer": {"enabled": True, "runs": 200},
    "viaIR": True,
    "evmVersion": "cancun",
    "metadata": {"bytecodeHash": "none"},
    "remappings": [
        "@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/",
        "solady/=node_modules/solady/",
    ],
}
OUTPUTS = [  # what is asked of the compiler
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "evm.methodIdentifiers",
    "storageLayout",
]
_MODULES = ROOT / "node_modules" / "solc"


class CompileError(BadInputError):
    """Thrown when the sources do not compile, for the reason that its `problem` says."""

    def __init__(self, problem: ProblemError) -> None:
        super().__init__(
            "contracts.not-compiled",
            N_("The contracts do not compile"),
            "{problem}",
            N_("Mend the sources, then run the command again"),
            problem=problem,
        )


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract.

    `bytecode` is the creation code without constructor arguments, `runtime` the deployed code with
    zeros where immutables go; both are empty for interfaces and abstract contracts. `immutables`
    are (offset, length) in bytes of the runtime code. `methods` maps signatures to selectors and
    `storage` is the compiler's storage layout.
    """

    name: str
    source: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    runtime: bytes
    immutables: list[tuple[int, int]]
    methods: dict[str, bytes]
    storage: dict[str, Any]

    def masked(self, code: bytes) -> bytes:
        """`code` with zeros where this contract's immutables go."""
        masked = bytearray(code)
        for offset, length in self.immutables:
            masked[offset : offset + length] = bytes(length)
        return bytes(masked)

    def is_code_of(self, code: bytes) -> bool:
        """Whether `code`, read from a chain, is this contract's, whatever its immutables are."""
        return len(code) == len(self.runtime) and self.masked(code) == self.runtime

    def as_json(self) -> dict[str, Any]:
        """What a file keeps of it."""
        return {
            "source": self.source,
            "abi": self.abi,
            "bytecode": self.bytecode.hex(),
            "runtime": self.runtime.hex(),
            "immutables": self.immutables,
            "methods": {signature: code.hex() for signature, code in self.methods.items()},
            "storage": self.storage,
        }

    @classmethod
    def from_json(cls, name: str, kept: dict[str, Any]) -> Self:
        """As it was kept. Raises KeyError, TypeError and ValueError."""
        return cls(
            name=name,
            source=kept["source"],
            abi=kept["abi"],
            bytecode=bytes.fromhex(kept["bytecode"]),
            runtime=bytes.fromhex(kept["runtime"]),
            immutables=[(offset, length) for offset, length in kept["immutables"]],
            methods={each: bytes.fromhex(code) for each, code in kept["methods"].items()},
            storage=kept["storage"],
        )


def project_sources(contracts: Path = CONTRACTS) -> dict[str, str]:
    """The text of every Solidity file of the project, by its path from the project folder."""
    files = (
        file
        for file in sorted(contracts.rglob("*.sol"))
        if ".cache" not in file.relative_to(contracts).parts  # Ape's copies of the dependencies
    )
    base = contracts.parent
    return {file.relative_to(base).as_posix(): file.read_text("utf-8") for file in files}


def fingerprint() -> str:
    """A hash of all that decides the bytecode: compiler, settings, sources, their libraries."""
    libraries = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    decides = [SOLC.name, SETTINGS, project_sources(), libraries]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def pack(path: Path = PACKED) -> None:
    """Compile the project's contracts into the file that is read where there is no compiler.

    Raises CompileError and ToolMissingError.
    """
    contracts = compile_sources(project_sources())
    kept = {name: contract.as_json() for name, contract in sorted(contracts.items())}
    write_atomically(path, json.dumps({"fingerprint": fingerprint(), "contracts": kept}))


@functools.cache
def project() -> dict[str, Artifact]:
    """The project's contracts by name, read or compiled once a process.

    They are compiled in a checkout whose sources are not those of the file beside this module.
    Raises BadInputError and ToolMissingError where they cannot be had, and CompileError.
    """
    try:
        return unpacked(PACKED, fingerprint() if checkout() else None)
    except BadInputError as unfit:
        if checkout() is None:
            raise
        try:
            return compile_sources(project_sources())
        except ToolMissingError as missing:
            raise (unfit if PACKED.exists() else missing) from None


def unpacked(path: Path, wanted: str | None = None) -> dict[str, Artifact]:
    """The contracts in a file that `pack` made, from the sources of the fingerprint `wanted`.

    Raises BadInputError if there is none, or one that is damaged or made from other sources.
    """
    try:
        kept = json.loads(path.read_text("utf-8"))
        if wanted not in (None, kept["fingerprint"]):
            raise BadInputError(
                "artifacts.of-other-sources",
                N_("The compiled contracts are not those of the sources"),
                N_("{path} was made from others"),
                N_("Run `make setup`: it compiles them anew"),
                path=path,
            )
        return {name: Artifact.from_json(name, each) for name, each in kept["contracts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(
            "artifacts.missing",
            N_("The compiled contracts are missing"),
            N_("{path} cannot be read: {error}"),
            N_("Install Mikoshi again: its wheel has them"),
            path=path,
            error=f"{type(error).__name__}: {error}",
        ) from error


def load(name: str) -> Artifact:
    """One of the project's contracts. Raises KeyError, CompileError and ToolMissingError."""
    return project()[name]


def compile_sources(
    sources: Mapping[str, str], base: Path = ROOT, only: Collection[str] | None = None
) -> dict[str, Artifact]:
    """Every contract defined in `sources` ({path: text}), or `only` those named, by name.

    Imports that are not in `sources` are read from the folder `base`, and `@openzeppelin/…` and
    `solady/…` from node_modules. Two contracts of one name are an error, and so is code that needs
    linking. Raises CompileError and ToolMissingError.
    """
    wanted = dict.fromkeys(["*"] if only is None else sorted(only), OUTPUTS)
    question = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sorted(sources.items())},
        "settings": {**SETTINGS, "outputSelection": dict.fromkeys(sources, wanted)},
    }
    output = ask_compiler(question, base)
    artifacts: dict[str, Artifact] = {}
    for source, contracts in output.get("contracts", {}).items():
        for name, contract in contracts.items():
            if name in artifacts:
                raise CompileError(
                    ProblemError(
                        "contracts.twice",
                        N_("{contract} is defined in {first} and in {second}"),
                        contract=name,
                        first=artifacts[name].source,
                        second=source,
                    )
                )
            artifacts[name] = artifact_of(name, source, contract)
    return artifacts


def ask_compiler(
    question: dict[str, Any], base: Path, include: Path | None = ROOT
) -> dict[str, Any]:
    """The compiler's answer to a question in its standard JSON.

    Imports are read from the folder `base`, then from `include`.

    Raises CompileError and ToolMissingError.
    """
    node = shutil.which("node")
    if node is None:
        raise ToolMissingError("node", Path("node"))
    if not _MODULES.is_dir():
        raise ToolMissingError("The npm package solc", _MODULES)
    command = [node, str(SOLC), "--standard-json", "--base-path", str(base)]
    done = subprocess.run(
        [*command, *(["--include-path", str(include)] if include else [])],
        cwd=base,
        input=json.dumps(question).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise _refused(done.stderr.decode(errors="replace").strip())
    output: dict[str, Any] = json.loads(done.stdout)
    errors = [e for e in output.get("errors", []) if e["severity"] == "error"]
    if errors:
        raise _refused("\n".join(e.get("formattedMessage", e["message"]) for e in errors))
    return output


def _refused(said: str) -> CompileError:
    return CompileError(ProblemError("contracts.refused", "{compiler}", compiler=said))


def artifact_of(name: str, source: str, contract: dict[str, Any]) -> Artifact:
    """A contract of the compiler's answer. Raises CompileError where it needs linking."""
    evm = contract["evm"]
    code, runtime = evm["bytecode"]["object"], evm["deployedBytecode"]["object"]
    if "__$" in code:
        raise CompileError(
            ProblemError(
                "contracts.unlinked",
                N_("{contract} in {source} needs a library to be linked"),
                contract=name,
                source=source,
            )
        )
    references = evm["deployedBytecode"].get("immutableReferences", {})
    return Artifact(
        name=name,
        source=source,
        abi=contract["abi"],
        bytecode=bytes.fromhex(code),
        runtime=bytes.fromhex(runtime),
        immutables=sorted((r["start"], r["length"]) for rs in references.values() for r in rs),
        methods={k: bytes.fromhex(v) for k, v in evm.get("methodIdentifiers", {}).items()},
        storage=contract.get("storageLayout", {}),
    )
