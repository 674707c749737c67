"""Settings of the knowledge base."""

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.reader import Reader

CHECK_AFTER = Setting(
    "knowledge.check_after_months",
    6,
    "Look an article over again after so many months",
    scope=Scope.SHARED,
    choices=(1, 3, 6, 12, 24),
)


def check_after(db: Reader) -> int:
    """Give after how many months somebody should look whether an article is still true."""
    return CHECK_AFTER.read(list_set(db).get(CHECK_AFTER.key))
