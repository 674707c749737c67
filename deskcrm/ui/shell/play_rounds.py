"""The pictures of playbooks: where they run, what they are made of, who would match."""

from typing import TYPE_CHECKING

from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.queries import list_playbooks
from deskcrm.domain.touch.queries import list_touch_policies
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.playbooks.dry import DryRunCard, terms_from
from deskcrm.ui.playbooks.form import open_playbook
from deskcrm.ui.playbooks.screen import PlaybooksScreen
from deskcrm.ui.playbooks.start import StartCard
from deskcrm.ui.playbooks.steps_field import StepsField
from deskcrm.ui.settings.touch_form import open_touch_policy

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window


def walk(window: "Window", camera: "Camera") -> None:
    """Show every shelf and every card."""
    window.activateWindow()  # or no field shows that it has the focus
    window.desk.go("playbooks")
    camera.settle()
    screen = window.pages.page()
    if not isinstance(screen, PlaybooksScreen):
        return
    for at, name in enumerate(("mine", "all", "stuck", "behind", "over")):
        screen.shelf.setCurrentIndex(at)
        camera.take(f"playbooks-{name}", window)
    screen.shelf.setCurrentIndex(1)
    camera.settle()
    for action in ("skip", "finish", "stop"):
        run_action(f"playbooks.{action}", screen)
        _take(window, camera, f"playbooks-{action}")
    row = screen.row()
    if row is not None:
        StartCard(window.desk, window, [row.client_id])
        _take(window, camera, "playbooks-start")
    _show_templates(window, camera)


def _show_templates(window: "Window", camera: "Camera") -> None:
    store = window.desk.store
    window.desk.go("settings", section="playbooks")
    camera.settle()
    open_playbook(window.desk, window, store.ask(list_playbooks)[0])
    camera.take("playbooks-form", window)
    for card in window.findChildren(FormCard):
        steps = card.form.fields.get("steps")
        if isinstance(steps, StepsField):
            steps.edit(0)
            camera.take("playbooks-step", window)
    _close(window)
    rows = {row.trigger: row for row in store.ask(list_playbooks)}
    cold = rows[TriggerKind.GOING_COLD]
    terms = terms_from(cold.trigger, cold.days, cold.conditions, cold)
    DryRunCard(window.desk, window, cold.name, terms)
    _take(window, camera, "playbooks-dry")
    open_touch_policy(window.desk, window, store.ask(list_touch_policies)[0])
    _take(window, camera, "touch-form")


def _take(window: "Window", camera: "Camera", name: str) -> None:
    camera.take(name, window)
    _close(window)


def _close(window: "Window") -> None:
    for card in window.findChildren(Overlay):
        if card.isVisible():
            card.close_card()
