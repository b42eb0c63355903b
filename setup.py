"""What a wheel has and git has not, compiled before it is made. The rest is in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
BUILD = Path(".cache", "build")
sys.path.insert(0, str(ROOT))


def stale(catalog: Path) -> bool:
    """Whether a catalog is not compiled, or has changed since."""
    compiled = catalog.with_suffix(".mo")
    return not compiled.is_file() or compiled.stat().st_mtime < catalog.stat().st_mtime


class Build(build_py):
    """Makes contracts and catalogs first, and packs nothing of an earlier build."""

    def run(self) -> None:
        """Compile, then copy."""
        from mikoshi.core import artifacts

        if any(map(stale, ROOT.glob("mikoshi/locale/*/LC_MESSAGES/*.po"))):
            subprocess.run([sys.executable, ROOT / "tools" / "messages", "compile"], check=True)
        artifacts.pack()  # the compiler remembers what it compiled
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


BUILD.mkdir(parents=True, exist_ok=True)
setup(
    cmdclass={"build_py": Build},
    options={"build": {"build_base": str(BUILD)}, "egg_info": {"egg_base": str(BUILD)}},
)
