"""Export, in every list that can be taken out, and of everything."""

from typing import TYPE_CHECKING, Any, Final

from deskcrm.ui.kit.actions import EVERYWHERE, action

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

PLACES: Final = ("clients", "tickets", "tasks", "risk", "renewals", "feedback")


def _can_export(screen: Any) -> bool:
    # A tab shows one client: there is no list to take out.
    return hasattr(screen, "table") and screen.table.rows.total > 0


def _declare(place: str) -> None:
    @action(
        f"{place}.export", "Export…", key="Ctrl+E", needs=_can_export, icon="download",
        synonyms="save csv excel xlsx vcard json выгрузить экспорт сохранить таблица",
    )  # fmt: skip
    def export(screen: Any) -> None:
        # What it needs is loaded when somebody exports, not with the first window.
        from deskcrm.ui.exports.card import open_card
        from deskcrm.ui.exports.lists import offers_of

        open_card(screen, offers_of(screen))


for _place in PLACES:
    _declare(_place)


@action(
    "exports.everything", "Export everything…", icon="download", place=EVERYWHERE,
    synonyms="archive zip backup save all выгрузить всё экспорт архив",
)  # fmt: skip
def export_everything(window: "Window") -> None:
    """Write everything that one may see into an archive."""
    from deskcrm.ui.exports.everything import save_everything

    save_everything(window.desk, window)


@action(
    "exports.bring_in", "Bring in an archive…", icon="upload", place=EVERYWHERE,
    synonyms="import restore zip everything загрузить всё архив импорт",
)  # fmt: skip
def bring_in(window: "Window") -> None:
    """Make an empty workspace what an archive holds."""
    from deskcrm.ui.exports.everything import bring_in_archive

    bring_in_archive(window)
