"""What the server says, and writes down, when its database fails."""

import psycopg
import pytest

from deskcrm.server import faults


@pytest.mark.parametrize(
    ("error", "status", "is_explained"),
    [(psycopg.OperationalError("gone"), 503, False), (psycopg.InternalError("a bug"), 500, True)],
)
def test_a_database_that_is_away_is_one_line_for_each_request_and_a_bug_is_told_in_full(
    caplog: pytest.LogCaptureFixture, error: Exception, status: int, is_explained: bool
) -> None:
    answer = faults._of_database(faults.DatabaseFailed(error))
    assert answer.status_code == status
    (record,) = caplog.records
    assert (record.exc_info is not None) is is_explained
