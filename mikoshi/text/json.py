"""What programs read and write."""

from __future__ import annotations

from typing import Any

Json = Any
"""A value that came out of JSON or goes into it: its shape is the sender's."""
