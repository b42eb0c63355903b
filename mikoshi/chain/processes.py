"""What a node is to this computer: a port, a process, the files that it leaves behind."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from mikoshi.text.errors import ChainError
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_, _


class NodeError(ChainError):
    """Thrown when anvil does not start; `reason` is what it said."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "node.not-started",
            N_("The local node did not start"),
            "{reason}",
            N_("See `ape run doctor`"),
            reason=reason,
        )


def claim_port(port: int) -> int:
    """The port, or any that is free for 0. Raises NodeError."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            said = _("port {port}: {reason}", port=port, reason=reason_of(error))
            raise NodeError(said) from error
        return int(probe.getsockname()[1])


def remove_orphans(folder: Path) -> None:
    """Remove the states of nodes whose process was killed; its id begins the folder's name."""
    for states in folder.glob("*"):
        try:
            os.kill(int(states.name.partition("-")[0]), 0)
        except (ValueError, ProcessLookupError):
            shutil.rmtree(states, ignore_errors=True)
        except PermissionError:
            continue  # somebody else's, who is still there
