"""What can be done while a file is imported."""

from typing import TYPE_CHECKING

from deskcrm.ui.kit.actions import action

if TYPE_CHECKING:
    from deskcrm.ui.imports.screen import ImportsScreen


@action("imports.choose", "Choose a file…", icon="upload", synonyms="open csv excel файл открыть")
def choose(screen: "ImportsScreen") -> None:
    """Choose a file to import."""
    screen.file_step.choose()
