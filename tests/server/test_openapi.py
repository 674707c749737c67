"""Whatever the description of the server allows and forbids, no request makes it fail."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deskcrm.domain.users.model import UserRole
from deskcrm.server import attempts
from deskcrm.server.exchange import KIND
from tests.server.site import Site

EXAMPLES = 25
schemathesis.openapi.media_type(KIND, st.binary(max_size=200))


@schemathesis.serializer(KIND)
def as_it_is(_context: Any, value: Any) -> Any:
    """Send bytes as they are."""
    return value if isinstance(value, bytes) else repr(value).encode()


PUBLIC = {
    "/sync/v1/hello", "/sync/v1/push", "/sync/v1/part", "/sync/v1/pull", "/sync/v1/wait",
    "/sync/v1/news", "/sync/v1/follow", "/sync/v1/manifest",
    "/sync/v1/segment", "/sync/v1/contents/ask", "/sync/v1/contents/send",
    "/sync/v1/contents/fetch", "/auth/v1/sign-in",
    "/auth/v1/refresh", "/auth/v1/sign-out", "/auth/v1/devices", "/auth/v1/devices/{device}",
    "/health", "/f/{token}",
}  # fmt: skip


def test_everything_public_is_described(site: Site) -> None:
    said = site.ask("GET", "/openapi.json").json()
    assert set(said["paths"]) == PUBLIC
    assert site.ask("GET", "/docs").status_code == 404


def test_no_request_makes_the_server_fail(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "OF_AN_ADDRESS", 10**6)
    monkeypatch.setattr("deskcrm.server.heads.SHORTEST", 0.0)
    monkeypatch.setattr("deskcrm.server.heads.LONGEST", 0.01)
    anna = site.person("Anna", UserRole.ADMINISTRATOR)
    schema = schemathesis.openapi.from_dict(site.app.openapi())
    seen: set[int] = set()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an Err has it too, and raises

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        def ask(case: Any) -> None:
            headers = {"Authorization": f"Bearer {anna.access}"}
            answer = case.call(base_url=site.url, headers=headers)
            seen.add(answer.status_code)
            assert answer.status_code < 500 or answer.status_code == 503, answer.text

        ask()
    assert seen & {400, 401, 404, 422}
    assert 200 in seen
