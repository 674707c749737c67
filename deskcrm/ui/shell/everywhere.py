"""What works everywhere: going to places, searching, beginning something, taking it back."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import LANGUAGES, language
from deskcrm.ui.absences import actions as of_absences  # noqa: F401 - declares what it does
from deskcrm.ui.kit import desk as desks
from deskcrm.ui.kit import theme
from deskcrm.ui.kit.actions import EVERYWHERE, action
from deskcrm.ui.kit.tokens import LIGHT, Mode
from deskcrm.ui.shell import places, sample
from deskcrm.ui.shell.appearance import LANGUAGE, THEME
from deskcrm.ui.shell.places import Place
from deskcrm.ui.sync import actions as of_sync  # noqa: F401 - declares its key

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


def _declare_going(place: Place) -> None:
    @action(
        f"go.{place.id}",
        place.label,
        key=place.key,
        icon=place.icon,
        place=EVERYWHERE,
        synonyms="go open перейти открыть",
    )
    def go(window: "Window") -> None:
        window.desk.go(place.id)
        window.focus_page()  # by key, also from the rail, one goes there to work there


for _place in places.BY_ID.values():
    _declare_going(_place)


@action(
    "search.focus",
    "Search",
    key=("Ctrl+F", "/"),
    icon="search",
    place=EVERYWHERE,
    synonyms="find lookup найти поиск",
)
def focus_search(window: "Window") -> None:
    """Begin to search."""
    window.search.begin()


@action(
    "palette.open",
    "Commands and search",
    key="Ctrl+K",
    icon="more",
    place=EVERYWHERE,
    synonyms="palette команды палитра",
)
def open_palette(window: "Window") -> None:
    """Open the palette with what can be done here."""
    window.covers.open_palette()


@action(
    "shortcuts.show",
    "Keyboard shortcuts",
    key=("?", "F1"),
    icon="keyboard",
    place=EVERYWHERE,
    synonyms="keys help hotkeys клавиши помощь справка",
)
def show_keys(window: "Window") -> None:
    """List every key that works here."""
    window.covers.open_keys()


@action(
    "call.open",
    "Caller card",
    key="F4",
    icon="phone",
    place=EVERYWHERE,
    synonyms="phone ring dial звонок карточка телефон",
)
def open_call(window: "Window") -> None:
    """Go to the card of the call, or ask who is on the phone."""
    window.cards.attend()


@action(
    "entry.new",
    "New…",
    key="Ctrl+N",
    icon="plus",
    place=EVERYWHERE,
    synonyms="add create quick entry создать добавить записать",
)
def new_entry(window: "Window") -> None:
    """Begin a quick entry; the tabs say of what."""
    window.new_entry("call")


@action(
    "entry.call",
    "Log a call with any client",
    icon="phone",
    place=EVERYWHERE,
    synonyms="phone звонок записать",
)
def new_call(window: "Window") -> None:
    """Write down a call."""
    window.new_entry("call")


@action("entry.note", "Write a note", icon="note", place=EVERYWHERE, synonyms="заметка")
def new_note(window: "Window") -> None:
    """Write a note about a client."""
    window.new_entry("note")


@action("entry.task", "Add a task", icon="tasks", place=EVERYWHERE, synonyms="todo задача дело")
def new_task(window: "Window") -> None:
    """Add a task."""
    window.new_entry("task")


@action("entry.ticket", "Open a ticket", icon="tickets", place=EVERYWHERE, synonyms="тикет заявка")
def new_ticket(window: "Window") -> None:
    """Open a ticket."""
    window.new_entry("ticket")


@action("entry.client", "Add a client", icon="clients", place=EVERYWHERE, synonyms="company клиент")
def new_client(window: "Window") -> None:
    """Add a client."""
    window.new_entry("client")


@action("trail.back", "Back", key="Alt+Left", icon="chevron-left", place=EVERYWHERE)
def go_back(window: "Window") -> None:
    """Go to where one was before."""
    window.step(window.trail.back())


@action("trail.forward", "Forward", key="Alt+Right", icon="chevron-right", place=EVERYWHERE)
def go_forward(window: "Window") -> None:
    """Go to where one came back from."""
    window.step(window.trail.forward())


def _has_tabs(window: Any) -> bool:
    return len(window.pages.tabs) > 1


@action("tabs.next", "Next tab", key="Ctrl+Tab", needs=_has_tabs, place=EVERYWHERE)
def next_tab(window: "Window") -> None:
    """Show the next tab."""
    window.pages.next_tab()


@action("tabs.previous", "Previous tab", key="Ctrl+Shift+Tab", needs=_has_tabs, place=EVERYWHERE)
def previous_tab(window: "Window") -> None:
    """Show the tab before."""
    window.pages.next_tab(-1)


@action("tabs.close", "Close tab", key="Ctrl+W", needs=_has_tabs, icon="close", place=EVERYWHERE)
def close_tab(window: "Window") -> None:
    """Close the tab that is seen."""
    window.pages.close_tab()


@action("panes.next", "Next pane", key="F6", place=EVERYWHERE, synonyms="focus фокус панель")
def next_pane(window: "Window") -> None:
    """Move the focus to the next pane."""
    window.next_pane()


@action("panes.previous", "Previous pane", key="Shift+F6", place=EVERYWHERE)
def previous_pane(window: "Window") -> None:
    """Move the focus to the pane before."""
    window.next_pane(back=True)


@action(
    "look.colours",
    "Switch between light and dark",
    icon="moon",
    place=EVERYWHERE,
    synonyms="theme colours night тема цвета тёмная светлая ночь",
)
def change_colours(window: "Window") -> None:
    """Look dark where it is light, and light otherwise."""
    is_light = theme.colors() is LIGHT
    window.desk.setting(THEME, Mode.DARK if is_light else Mode.LIGHT)


@action(
    "look.language",
    "Switch the language",
    icon="portal",
    place=EVERYWHERE,
    synonyms="russian english язык русский английский",
)
def change_language(window: "Window") -> None:
    """Speak the next language."""
    at = LANGUAGES.index(language())
    window.desk.setting(LANGUAGE, LANGUAGES[(at + 1) % len(LANGUAGES)])


def _not_typing(window: Any) -> bool:
    return not window.is_typing()


@action(
    "history.undo",
    "Undo",
    key="Ctrl+Z",
    needs=_not_typing,
    icon="undo",
    place=EVERYWHERE,
    synonyms="take back отменить вернуть",
)
def undo(window: "Window") -> None:
    """Take back the last thing that was done here."""
    desks.undo(window.desk)


@action(
    "history.redo",
    "Redo",
    key=("Ctrl+Shift+Z", "Ctrl+Y"),
    needs=_not_typing,
    icon="redo",
    place=EVERYWHERE,
    synonyms="again повторить",
)
def redo(window: "Window") -> None:
    """Do again what was taken back."""
    desks.redo(window.desk)


# Late, so that the palette does not begin with it: Enter would be enough.
@action(
    "sample.remove",
    "Remove the sample workspace",
    icon="trash",
    place=EVERYWHERE,
    synonyms="demo invented clear убрать пример удалить",
)
def take_sample_out(window: "Window") -> None:
    """Remove the sample workspace."""
    sample.remove(window)


@action("window.quit", "Quit DeskCRM", key="Ctrl+Q", place=EVERYWHERE, synonyms="exit выход выйти")
def quit_program(window: "Window") -> None:
    """End the program."""
    window.is_quitting = True
    window.close()
