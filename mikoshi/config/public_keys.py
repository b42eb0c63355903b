"""Wallets that anybody can sign for, because their private keys are public."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

SAMPLE_WALLETS = (
    "0x17534816C14D7Fa3e2Bcd74B6Bd5346255CC8863",
    "0x50ab29436a5EF9Daa8d8341a7CBf89Cca807bf7f",
    "0x6C849e53184AcE708De91cB9C1A49508024BBb3E",
    "0x1fDD5A26bfFB2974Ffa62F2e5d10C65c445CD029",
    "0x3aB4707325b53808E1474FE7DB5f0e59cc727434",
    "0x0f5bEF0c891D9Fa37373abA57517b69168F3514F",
    "0xF44C5E316150DF0E3b8A869711b1675Bc9A24F05",
    "0x3A3f5310e96eA2145473892ea1C1f1dd699AE211",
    "0xA4d2EE6Fd582a40E84f317A0194F16d121E32893",
    "0xebFa29CCD1C8cc09B81e967c09644e8319FdDE73",
    "0x7589aB11993735E56973C7b0453537F86BeEe981",
    "0xaf74b24C856957aB98c89Cd467f153da81b2c1e4",
)
"""The people of the sample's members.csv: `mikoshi.testing.community.person(1)` to `person(12)`."""

NODE_WALLETS = (
    "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
    "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
    "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
    "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
    "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
    "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
)
"""The accounts of every local test node, made from the words "test test … junk"."""

_PUBLIC = frozenset(wallet.lower() for wallet in SAMPLE_WALLETS + NODE_WALLETS)


def public_among(wallets: Iterable[str]) -> list[str]:
    """Those of `wallets` that anybody can sign for."""
    return [wallet for wallet in wallets if wallet.lower() in _PUBLIC]
