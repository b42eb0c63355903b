"""What `ape console` has in this folder: `DAO`, and as `dao` the one of dao.toml."""

from mikoshi.scripting.console import ape_init_extras as ape_init_extras
