"""Where things lie on this machine. Read before Django is set up, so this module imports no settings."""

import os
from pathlib import Path

PACKAGE_DIR = Path(__file__).resolve().parent.parent


def var_dir() -> Path:
    """The folder for everything that is made while running: database, files, secrets, collected static files."""
    return Path(os.environ.get("MEDSKICK_VAR", PACKAGE_DIR.parent / "var")).absolute()
