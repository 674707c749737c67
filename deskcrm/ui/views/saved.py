"""The bar over a list: search, a filter put together, and filters kept under names."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import ptr, tr
from deskcrm.domain.views.commands import (
    delete_view,
    rename_view,
    save_view,
    share_view,
    update_view,
)
from deskcrm.domain.views.filters import Filter
from deskcrm.domain.views.queries import ViewRow, list_views
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import icons, parts
from deskcrm.ui.kit.arrangement import Arrangement
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Line
from deskcrm.ui.views.conditions import Choices, condition_words
from deskcrm.ui.views.filtering import Fields, FilterCard, get_choices


class FilterBar(QWidget):
    """``asked`` is what was put together; ``view`` the saved one it comes from.

    ``whole`` gives all that the list is filtered by now: what a new view keeps. ``place`` is the
    list's, ``title`` stands over its filter, ``fields`` gives what it can be filtered by.
    """

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        search: QWidget,
        whole: Callable[[], Filter],
        *,
        place: str,
        title: str,
        fields: Fields,
    ) -> None:
        super().__init__()
        self.desk = desk
        self._place, self._title, self._fields = place, title, fields
        self.asked = Filter()
        self.view: ViewRow | None = None
        self._whole = whole
        self.arrangement: Arrangement | None = None
        """The order and the columns of the list, once there is a list."""
        self.filter_button = parts.icon_button("filter", tr("Filter…"), self.open_filter)
        self.views_button = parts.icon_button("star", tr("Views"), self.open_views)
        self.said = parts.ElidedLabel("", "strong")
        self.keep_button = parts.button(tr("Save view…"), self.open_save, look="link")
        self.clear_button = parts.icon_button("close", tr("Clear the filter"), self.clear)
        self.line = parts.surface("well")
        line = parts.row(spacing=4, margins=(12, 2, 4, 2))
        line.addWidget(self.said, 1)
        line.addWidget(self.keep_button)
        line.addWidget(self.clear_button)
        self.line.setLayout(line)
        self.line.hide()
        self.head = parts.row(spacing=6)
        self.head.addWidget(search, 1)
        self.head.addWidget(self.filter_button)
        self.head.addWidget(self.views_button)
        self.setLayout(parts.column(self.head, self.line, spacing=8))

    # The filter of now.

    def open_filter(self) -> None:
        """Put a filter together."""
        self.desk.ask((self, "choices"), get_choices, self._fields).then(
            lambda choices: FilterCard(
                self, self._title, choices, self.asked, lambda asked: self._apply(choices, asked)
            )
        )

    def ask_for(self, asked: Filter) -> None:
        """Ask for something that was put together elsewhere."""
        self.view = None
        self.desk.ask((self, "choices"), get_choices, self._fields).then(
            lambda choices: self._apply(choices, asked)
        )

    def clear(self) -> None:
        """Ask for nothing in particular."""
        self.reset()
        self.changed.emit()

    def reset(self) -> None:
        """Forget the filter, without a word."""
        self.asked, self.view = Filter(), None
        self._say("")

    def _apply(self, choices: Choices, asked: Filter) -> None:
        self.asked = asked
        if not asked:
            self.view = None
        self._say(" · ".join(condition_words(one, choices) for one in asked.conditions))
        self.changed.emit()

    def _say(self, words: str) -> None:
        self.said.setText(self.view.name if self.view is not None else words)
        parts.set_tooltip(self.said, words)
        self.line.setVisible(bool(self.asked) or self.view is not None)
        self.keep_button.setVisible(self.view is None)

    # What is kept under names.

    def open_views(self) -> None:
        """Offer the views that were kept."""
        self.desk.ask((self, "views"), list_views, place=self._place).then(self._open_menu)

    def open_columns(self) -> None:
        """Offer the columns of the list."""
        if self.arrangement is not None:
            at = self.views_button.rect().bottomLeft()
            self.arrangement.open_menu(self.views_button, self.views_button.mapToGlobal(at))

    def show_view(self, view: ViewRow) -> None:
        """Show what a view asks for, in its order and with its columns."""
        try:
            self.asked = view.read_filter()
        except UserError as error:
            self.desk.complain(error)
            return
        self.view = view
        self._say(view.name)
        if self.arrangement is not None:
            self.arrangement.put(view.sort, view.columns)
        self.changed.emit()

    def _open_menu(self, views: list[ViewRow]) -> None:
        menu = self.menu(views)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.views_button.mapToGlobal(self.views_button.rect().bottomLeft()))

    def menu(self, views: list[ViewRow]) -> QMenu:
        """A menu of the views and of what can be done with the one that is shown."""
        menu = QMenu(self.views_button)
        for view in views:
            icon = icons.icon("team" if view.is_shared else "person")
            words = tr("{name}, for all", name=view.name) if view.is_shared else view.name
            item = menu.addAction(icon, parts.mnemonic_free(words))
            item.triggered.connect(lambda _=False, view=view: self.show_view(view))
        if views:
            menu.addSeparator()
        keep = menu.addAction(icons.icon("plus"), tr("Save what is shown as a view…"))
        keep.triggered.connect(lambda: self.open_save())
        if self.arrangement is not None:
            columns = self.arrangement.menu(menu)
            columns.setTitle(tr("Columns"))
            columns.setIcon(icons.icon("settings"))
            menu.addMenu(columns)
        if self.view is not None:
            self._offer_deeds(menu, self.view)
        return menu

    def _offer_deeds(self, menu: QMenu, view: ViewRow) -> None:
        share = tr("Keep it to myself") if view.is_shared else tr("Share it with all")
        for words, icon, run in (
            (tr("Save filter, order and columns"), "check", self.update_view),
            (tr("Rename the view…"), "edit", self.open_rename),
            (share, "team", self.share_view),
            (tr("Delete the view"), "trash", self.delete_view),
        ):
            item = menu.addAction(icons.icon(icon), words)
            item.triggered.connect(lambda _=False, run=run: run())

    def open_save(self) -> FormCard:
        """Ask for a name under which what is shown is kept."""
        whole = self._whole()

        def save(values: dict[str, Any]) -> Any:
            deed = self.desk.do(
                save_view,
                place=self._place,
                name=values["name"],
                asked=whole,
                **self._stands(),
                is_shared=values["is_shared"],
            )
            return deed.tell()

        return FormCard(
            self.desk,
            self,
            tr("Save view"),
            [
                Line("name", ptr("thing", "Name"), required=True),
                Check("is_shared", tr("For everybody")),
            ],
            save,
            place="views.save",
            width=420,
        )

    def update_view(self) -> None:
        """Keep the filter, order and columns of now under the name of the view that is shown."""
        if self.view is not None:
            deed = self.desk.do(update_view, self.view.id, asked=self._whole(), **self._stands())
            deed.tell()

    def _stands(self) -> dict[str, Any]:
        """Say how the list stands, as a view keeps it."""
        if self.arrangement is None:
            return {}
        return {"sort": self.arrangement.sort, "columns": self.arrangement.columns}

    def open_rename(self) -> None:
        """Ask for another name of the view that is shown."""
        view = self.view
        if view is None:
            return

        def save(values: dict[str, Any]) -> Any:
            deed = self.desk.do(rename_view, view.id, name=values["name"]).tell()
            return deed.then(lambda _done: self.said.setText(values["name"]))

        FormCard(
            self.desk,
            self,
            tr("Rename view"),
            [Line("name", ptr("thing", "Name"), required=True)],
            save,
            place="views.rename",
            subject=view.id.hex,
            values={"name": view.name},
            width=420,
        )

    def share_view(self) -> None:
        """Give the view that is shown to all, or keep it to oneself again."""
        if self.view is not None:
            deed = self.desk.do(share_view, self.view.id, is_shared=not self.view.is_shared)
            deed.tell().then(lambda _done: self._read_again())

    def delete_view(self) -> None:
        """Forget the view that is shown."""
        if self.view is not None:
            self.desk.do(delete_view, self.view.id).tell()
            self.clear()

    def _read_again(self) -> None:
        def take(views: list[ViewRow]) -> None:
            if self.view is not None:
                self.view = next((v for v in views if v.id == self.view.id), None)

        self.desk.ask((self, "again"), list_views, place=self._place).then(take)
