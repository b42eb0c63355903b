"""What a wheel has and git has not, compiled before it is made. The rest is in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))


class Build(build_py):
    """Makes contracts and catalogs first, and packs nothing of an earlier build."""

    def run(self) -> None:
        """Compile, then copy."""
        from mikoshi.core import artifacts

        subprocess.run([sys.executable, ROOT / "tools" / "messages", "compile"], check=True)
        if not artifacts.fits():
            artifacts.pack()
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


setup(cmdclass={"build_py": Build}, options={"build": {"build_base": ".cache/build"}})
