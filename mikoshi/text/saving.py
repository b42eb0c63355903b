"""A document as a file."""

from __future__ import annotations

from pathlib import Path

from mikoshi.text.document import Document
from mikoshi.text.files import write_atomically


def save(document: Document, path: Path) -> None:
    """Write a document, whole or not at all: as Markdown where the name ends so, else as a page.

    Raises UnwrittenError.
    """
    from mikoshi.text.markdown import markdown
    from mikoshi.text.pages.page import page

    as_markdown = path.suffix.lower() in (".md", ".markdown")
    write_atomically(path, markdown(document) if as_markdown else page(document))
