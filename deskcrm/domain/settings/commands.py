"""Setting what can be set."""

from typing import Any

from deskcrm.base.settings import AnySetting, Scope
from deskcrm.domain.settings.model import DevicePreference, Preference, preference_id
from deskcrm.store.commands import command
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.work import Work


@command("settings.set", "Change a setting")
def set_setting(work: Work, setting: AnySetting, *, value: str | int | bool | float) -> None:
    """Keep a value where the setting belongs: this device, this person, the workspace."""
    if setting.choices and value not in setting.choices:
        raise ValueError(f"{setting.key} cannot be {value!r}")
    value = _checked(setting, value)
    if setting.scope is Scope.DEVICE:
        _set_on_device(work, setting.key, str(value))
        return
    scope = work.actor if setting.scope is Scope.PERSONAL else WORKSPACE
    row_id = preference_id(scope, setting.key)
    found = work.find(Preference, row_id)
    if found is not None:
        found.value = str(value)
        return
    hidden = work.find_deleted(Preference, row_id)
    if hidden is not None:
        hidden.value = str(value)
        work.restore(hidden)
        return
    work.add(Preference(id=row_id, scope=scope, key=setting.key, value=str(value)))


def _checked(setting: Any, value: str | int | bool | float) -> str | int | bool | float:
    checked: str | int | bool | float = setting.checked(value)
    return checked


def _set_on_device(work: Work, key: str, value: str) -> None:
    found = work.find_local(DevicePreference, key)
    if found is None:
        work.add(DevicePreference(key=key, value=value))
    else:
        found.value = value
