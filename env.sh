# The environment of the project, for `. ./env.sh` in a shell and for tools/run.
#
# Puts the project's own Python, anvil, forge and cast first on PATH, and every cache and data
# folder inside the project, so that nothing outside of it is written.

if [ -n "${BASH_SOURCE:-}" ]; then
  MIKOSHI_ROOT=$(cd "$(dirname "$BASH_SOURCE")" && pwd)
elif [ -n "${ZSH_VERSION:-}" ]; then
  MIKOSHI_ROOT=$(cd "$(dirname "$(eval 'printf %s "${(%):-%x}"')")" && pwd)
elif [ -z "${MIKOSHI_ROOT:-}" ]; then
  MIKOSHI_ROOT=$PWD # a shell that cannot tell; tools/run says it
fi
export MIKOSHI_ROOT

case "$0" in
  */tools/run) ;;
  *)
    [ -x "$MIKOSHI_ROOT/.venv/bin/python" ] ||
      echo 'Nothing is installed here yet: run `make setup` once, then `. ./env.sh` again' >&2
    ;;
esac

for mikoshi_bin in "$MIKOSHI_ROOT"/node_modules/@foundry-rs/*-*/bin \
  "$MIKOSHI_ROOT/.venv/bin" "$MIKOSHI_ROOT/tools/bin"; do
  case ":$PATH:" in
    *":$mikoshi_bin:"*) ;;
    *) [ ! -d "$mikoshi_bin" ] || PATH="$mikoshi_bin:$PATH" ;;
  esac
done
unset mikoshi_bin
export PATH

mikoshi_cache="$MIKOSHI_ROOT/.cache"
mkdir -p "$mikoshi_cache" "$MIKOSHI_ROOT/.tmp"

# What Ape may leave among the sources. It lists the first 500 files there, and would then compile
# without a warning what it compiled before. Through tools/bin this comes before each `ape`.
rm -rf "$MIKOSHI_ROOT/contracts/.cache"

export APE_DATA_FOLDER="$MIKOSHI_ROOT/.ape"
export SOLCX_BINARY_PATH="$MIKOSHI_ROOT/tools/solc"

# Where ape-config.yaml looks for each live network.
export SEPOLIA_RPC_URL="${SEPOLIA_RPC_URL:-http://127.0.0.1:8545}"

export HYPOTHESIS_STORAGE_DIRECTORY="$mikoshi_cache/hypothesis"
export IPYTHONDIR="$mikoshi_cache/ipython"
export MYPY_CACHE_DIR="$mikoshi_cache/mypy"
export PIP_CACHE_DIR="$mikoshi_cache/pip"
export RUFF_CACHE_DIR="$mikoshi_cache/ruff"
export TMPDIR="$MIKOSHI_ROOT/.tmp" # not in .cache: Ape compiles nothing under that name
export XDG_CACHE_HOME="$mikoshi_cache/xdg"
export npm_config_cache="$mikoshi_cache/npm"
unset mikoshi_cache
