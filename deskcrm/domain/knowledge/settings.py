"""Settings of the knowledge base."""

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.knowledge.addresses import check_base
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.reader import Reader

CHECK_AFTER = Setting(
    "knowledge.check_after_months",
    6,
    "Look an article over again after so many months",
    scope=Scope.SHARED,
    choices=(1, 3, 6, 12, 24),
)

BASE_ADDRESS = Setting(
    "knowledge.address",
    "",
    "Address of the public knowledge base",
    scope=Scope.SHARED,
    check=check_base,
)


def base_address(db: Reader) -> str:
    """Give where clients find the knowledge base, or empty."""
    return BASE_ADDRESS.read(list_set(db).get(BASE_ADDRESS.key))


def check_after(db: Reader) -> int:
    """Give after how many months somebody should look whether an article is still true."""
    return CHECK_AFTER.read(list_set(db).get(CHECK_AFTER.key))
