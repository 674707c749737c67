"""What lies over the pages: toasts, and the palette and the list of keys once they are wanted."""

from functools import cached_property
from typing import TYPE_CHECKING

from deskcrm.base.words import tr
from deskcrm.ui.kit.actions import at
from deskcrm.ui.kit.toast import Toasts

if TYPE_CHECKING:
    from deskcrm.domain.lookup.queries import FoundRow
    from deskcrm.ui.kit.palette import Palette
    from deskcrm.ui.kit.shortcuts import KeyList
    from deskcrm.ui.shell.window import Window


class Covers:
    """Makes each when it is first wanted: none is needed on the way to the first window."""

    def __init__(self, window: "Window", recent: "list[FoundRow]") -> None:
        self._window = window
        self.recent = recent
        """What was opened last, the newest first."""
        self.toasts = Toasts(window.desk, window, foot=window.foot.height())

    @cached_property
    def palette(self) -> "Palette":
        """The palette, with search and what was opened last beside the commands."""
        from deskcrm.ui.kit.palette import Palette
        from deskcrm.ui.lookup.palette_hits import FoundHits
        from deskcrm.ui.macros.palette_hits import MacroHits

        made = Palette(self._window)
        made.sources.append(MacroHits(self._window.desk, made, self._window.pages.page))
        made.sources.append(FoundHits(self._window.desk, made, self.recent))
        return made

    @cached_property
    def keys(self) -> "KeyList":
        """The list of keys."""
        from deskcrm.ui.kit.shortcuts import KeyList

        return KeyList(self._window)

    def open_palette(self) -> None:
        """Open the palette with what can be done here."""
        self.palette.open_for(self._window.around())

    def open_keys(self) -> None:
        """List every key that works here."""
        import deskcrm.ui.lookup.call_card  # noqa: F401 - declares what the card can do

        screen = self._window.pages.page()
        everywhere = self._window.bound.actions
        going = [each for each in everywhere if each.id.startswith("go.")]
        others = [each for each in everywhere if each not in going]
        groups = [(tr("Go to"), going), (tr("Everywhere"), others)]
        groups.append((tr("Caller card"), at("call_card")))
        if screen is not None:
            groups.insert(0, (tr(screen.title), screen.bound.actions))
        self.keys.open_with(groups)

    def remember(self, row: "FoundRow") -> None:
        """Note that something was opened from the search."""
        from deskcrm.ui.lookup.palette_hits import remember

        remember(self.recent, row)

    def drop(self) -> None:
        """Let all of them go; others come in their place."""
        for made in (self.toasts, *(self.__dict__.pop(name, None) for name in ("palette", "keys"))):
            if made is not None:
                made.hide()
                made.deleteLater()
