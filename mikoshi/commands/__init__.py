"""The commands, one module each: `mikoshi`, `ape mikoshi` and `ape run` open these."""
