"""Where things lie: the program's resources, and the person's profile."""

import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _home() -> Path:
    """Find the folder that holds ``resources`` and ``migrations``.

    A frozen program unpacks them beside itself, a checkout has them beside the package, and an
    installed wheel carries them inside the package.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen)] if frozen else [PACKAGE.parent, PACKAGE]
    for folder in candidates:
        if (folder / "resources").is_dir() and (folder / "migrations").is_dir():
            return folder
    raise FileNotFoundError("The program's resources are missing: install it again.")


def resources() -> Path:
    """Give the folder of icons, styles, translations and templates."""
    return _home() / "resources"


def migrations() -> Path:
    """Give the folder of the Alembic history."""
    return _home() / "migrations"


def default_profile() -> Path:
    """Give the folder of the profile that is opened when none is named."""
    import platformdirs  # only when no profile is named

    return Path(platformdirs.user_data_dir("DeskCRM", appauthor=False)) / "default"
