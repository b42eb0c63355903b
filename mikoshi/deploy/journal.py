"""The record of a deployment on this computer, and the plan of one under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mikoshi.core.manifest import Manifest
from mikoshi.text.errors import BadInputError, NotNowError
from mikoshi.text.files import TakenError, UnwrittenError, alone, reason_of
from mikoshi.text.language import N_


class Journal:
    """The two files of the DAO `slug` on a chain, in `folder`."""

    def __init__(self, chain_id: int, slug: str, folder: Path | None = None) -> None:
        self.path = Manifest.path(chain_id, slug, folder)
        self.pending_path = Manifest.pending_path(chain_id, slug, folder)

    def record(self) -> Manifest | None:
        """The record of a deployment that is complete. Raises BadInputError if it is damaged."""
        return Manifest.load(self.path) if self.path.exists() else None

    def pending(self) -> Manifest | None:
        """What an interrupted deployment had in mind. Raises BadInputError if it is damaged."""
        return Manifest.load(self.pending_path) if self.pending_path.exists() else None

    def begin(self, manifest: Manifest) -> None:
        """Remember what is about to be sent. Raises BadInputError if that cannot be written."""
        try:
            manifest.save(self.pending_path)
        except UnwrittenError as error:
            raise BadInputError(
                "deploy.plan-unwritable",
                N_("{path} cannot be written"),
                "{reason}",
                N_(
                    "Make the folder writable: an interrupted deployment continues from this "
                    "file; nothing was sent"
                ),
                path=self.pending_path,
                reason=error.data["reason"],
            ) from error

    def note(self, manifest: Manifest) -> None:
        """Remember what was sent. Raises UnwrittenError."""
        manifest.save(self.pending_path)

    def finish(self, manifest: Manifest) -> None:
        """Write the record; the plan is done with."""
        manifest.save(self.path)
        self.pending_path.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Refuse every other deployment to this chain while inside.

        Raises NotNowError and BadInputError.
        """
        folder = self.path.parent
        with ExitStack() as held:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(alone(folder / ".deploy.lock", "deploy"))
            except TakenError as taken:
                raise NotNowError(
                    "deploy.under-way",
                    N_("Another command is deploying to this chain right now"),
                    N_("two at once could create a DAO twice: {holder}"),
                    N_("Wait until it ends, then run the command again"),
                    holder=taken.holder,
                ) from taken
            except OSError as error:
                raise BadInputError(
                    "deploy.folder-unwritable",
                    N_("{folder} cannot be written"),
                    "{reason}",
                    N_("Make the folder writable"),
                    folder=folder,
                    reason=reason_of(error),
                ) from error
            yield
