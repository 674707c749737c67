"""What a person can do, declared once: menu, context menu, palette and key list read it here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, keys
from deskcrm.ui.kit.parts import mnemonic_free

F = TypeVar("F", bound=Callable[..., object])

EVERYWHERE: Final = "everywhere"
"""The place of actions that work on every screen; they are given the window."""

LISTS: Final = frozenset(keys.normal(key) for key in keys.LIST_KEYS)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do in one place. Label and synonyms are English literals."""

    id: str
    label: str
    run: Callable[[Any], object]
    place: str
    keys: tuple[str, ...] = ()
    needs: Callable[[Any], bool] | None = None
    synonyms: str = ""
    icon: str = ""
    in_menu: bool = True
    """Whether the context menu offers it: moving the selection is a key, not a menu item."""

    @property
    def words(self) -> str:
        """The label in the person's language."""
        return tr(self.label)

    @property
    def key(self) -> str:
        """The first key as the platform writes it, or ""."""
        return keys.native(self.keys[0]) if self.keys else ""

    def can_run(self, target: object) -> bool:
        """Whether it makes sense now."""
        return self.needs is None or bool(self.needs(target))


ALL_ACTIONS: Final[dict[str, Action]] = {}


def action(
    action_id: str,
    label: str,
    *,
    key: str | tuple[str, ...] = (),
    needs: Callable[[Any], bool] | None = None,
    synonyms: str = "",
    icon: str = "",
    place: str = "",
    in_menu: bool = True,
) -> Callable[[F], F]:
    """Declare an action: ``@action("contacts.rename", "Rename…", key="F2", needs=one_selected)``.

    The function is given the screen (or the window, for ``place=EVERYWHERE``). The place is
    the first part of the id unless it is named, and equals ``Screen.place``. Keys without
    Ctrl, Alt, Meta or F work only while a list has the focus. ``synonyms``: other words a
    person may type in the palette, in both languages, separated by spaces.
    """

    def declare(function: F) -> F:
        if action_id in ALL_ACTIONS:
            raise ValueError(f"action declared twice: {action_id}")
        wanted = (key,) if isinstance(key, str) else key
        ALL_ACTIONS[action_id] = Action(
            id=action_id,
            label=label,
            run=function,
            place=place or action_id.split(".", 1)[0],
            keys=tuple(keys.normal(each) for each in wanted if each),
            needs=needs,
            synonyms=synonyms,
            icon=icon,
            in_menu=in_menu,
        )
        return function

    return declare


def at(place: str) -> list[Action]:
    """The actions of one place, in order of declaration."""
    return [each for each in ALL_ACTIONS.values() if each.place == place]


def clashes(actions: Iterable[Action] | None = None) -> list[str]:
    """Keys that two actions share in one place, in words; a test wants this empty.

    Keys are compared by their place on the keyboard, so Ctrl+О and Ctrl+J clash. What works
    everywhere must not share a key with any place.
    """
    taken: dict[str, dict[str, str]] = {}
    for each in actions if actions is not None else ALL_ACTIONS.values():
        for key in each.keys:
            taken.setdefault(keys.normal(key), {}).setdefault(each.id, each.place)
    found = [f"{key}: {', '.join(taken[key])} and every list" for key in LISTS & taken.keys()]
    for key, users in taken.items():
        places = list(users.values())
        shared = {place for place in places if places.count(place) > 1}
        if shared or (EVERYWHERE in places and len(places) > 1):
            found.append(f"{key}: {', '.join(users)}")
    return found


def run_action(action_id: str, target: object) -> bool:
    """Do an action by its id, if it makes sense now; tells whether it ran."""
    found = ALL_ACTIONS[action_id]
    if not found.can_run(target):
        return False
    found.run(target)
    return True


class Bound:
    """The actions of one place, bound to the widget that is the place."""

    def __init__(self, target: QWidget, place: str) -> None:
        self.target = target
        self.place = place
        self.actions = at(place)
        self._by_key = {key: each for each in self.actions for key in each.keys}
        for each in self.actions:
            shortcuts = [
                one for key in each.keys if not keys.is_single(key) for one in keys.sequences(key)
            ]
            if shortcuts:
                target.addAction(self._q_action(each, shortcuts))

    def _q_action(self, of: Action, shortcuts: list[QKeySequence]) -> QAction:
        made = QAction(mnemonic_free(of.words), self.target)
        made.setShortcuts(shortcuts)
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.triggered.connect(lambda: self.run(of))
        return made

    def run(self, of: Action) -> bool:
        """Do it, if it makes sense now."""
        if not of.can_run(self.target):
            return False
        of.run(self.target)
        return True

    def press(self, event: QKeyEvent, *, in_list: bool = False) -> bool:
        """Do what the key stands for here; single keys only for a list that has the focus.

        Keys with Ctrl come this way only when Qt did not know them as a shortcut, which is
        what happens to some Cyrillic layouts.
        """
        found = self._by_key.get(keys.pressed(event))
        if found is None:
            return False
        single = not keys.is_commanding(event)
        if single and not in_list and keys.is_single(keys.pressed(event)):
            return False
        return self.run(found)

    def possible(self) -> list[Action]:
        """The actions that make sense now."""
        return [each for each in self.actions if each.can_run(self.target)]

    def menu(self, parent: QWidget | None = None) -> QMenu:
        """A menu of all actions here; those that make no sense now are grey."""
        made = QMenu(parent or self.target)
        for each in self.actions:
            if each.in_menu:
                made.addAction(self._menu_item(each, made))
        return made

    def _menu_item(self, of: Action, menu: QMenu) -> QAction:
        # After a tab a menu shows the key without listening to it a second time.
        key = f"\t{of.key}" if of.key else ""
        item = QAction(mnemonic_free(of.words) + key, menu)
        if of.icon:
            item.setIcon(icons.icon(of.icon))
        item.setEnabled(of.can_run(self.target))
        item.triggered.connect(lambda: self.run(of))
        return item
