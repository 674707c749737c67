"""Settings of contacts."""

from deskcrm.base.settings import Scope, Setting

PHONE_REGION = Setting(
    "contacts.phone_region", "RU", "Country of numbers without a country code", scope=Scope.SHARED
)
