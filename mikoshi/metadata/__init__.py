"""Static files that describe a DAO to wallets, markets and directories: ERC-7572 and ERC-4824."""

from mikoshi.metadata.files import Files, build_files, parse_base

__all__ = ["Files", "build_files", "parse_base"]
