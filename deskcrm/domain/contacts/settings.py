"""Settings of contacts."""

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.reader import Reader

PHONE_REGION = Setting(
    "contacts.phone_region", "RU", "Country of numbers without a country code", scope=Scope.SHARED
)


def phone_region(db: Reader) -> str:
    """Give the country that a number without a country code belongs to, as two letters."""
    return PHONE_REGION.read(list_set(db).get(PHONE_REGION.key))
