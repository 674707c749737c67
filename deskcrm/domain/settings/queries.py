"""Reading what was set."""

from sqlalchemy import select

from deskcrm.domain.settings.model import DevicePreference, Preference
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE


def list_set(db: Reader) -> dict[str, str]:
    """Give every stored value by its key: the workspace's, the person's, this device's."""
    shared_or_own = select(Preference.key, Preference.value).where(
        ~Preference.is_deleted, Preference.scope.in_((WORKSPACE, db.actor))
    )
    on_device = select(DevicePreference.key, DevicePreference.value)
    return {row.key: row.value for row in (*db.all(shared_or_own), *db.all(on_device))}
