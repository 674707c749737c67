"""What the whole program declares when all of it is loaded; nothing that tests made up."""

import importlib
import json
import pkgutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from tests.house.sources import ROOT


@dataclass(frozen=True, slots=True)
class Declared:
    """Every command, action and setting by id, with its label, and keys that clash."""

    commands: dict[str, str]
    actions: dict[str, str]
    settings: dict[str, str]
    clashes: list[str]
    unloadable: list[str]


@cache
def declared() -> Declared:
    """Load the program in a process of its own and read what it declares."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.house.declared"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Declared(**json.loads(done.stdout))


def load_all() -> list[str]:
    """Import every module of the program but its entry; name those that cannot be imported."""
    import deskcrm

    unloadable: list[str] = []
    for module in pkgutil.walk_packages(deskcrm.__path__, "deskcrm.", onerror=unloadable.append):
        if module.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            unloadable.append(f"{module.name}: {error}")
    return unloadable


def main() -> None:
    """Print what is declared, as JSON."""
    unloadable = load_all()
    from deskcrm.base.settings import all_settings
    from deskcrm.store.commands import ALL_COMMANDS
    from deskcrm.ui.kit.actions import ALL_ACTIONS, clashes

    found = {
        "commands": {command.id: command.label for command in ALL_COMMANDS.values()},
        "actions": {action.id: action.label for action in ALL_ACTIONS.values()},
        "settings": {setting.key: setting.label for setting in all_settings()},
        "clashes": clashes(),
        "unloadable": unloadable,
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
