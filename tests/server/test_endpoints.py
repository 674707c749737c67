"""Every endpoint in every state of a sign-in: who may not speak is told so, and changes nothing."""

from collections.abc import Callable

import pytest

from deskcrm.domain.users.commands import deactivate_user
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.server import accounts
from deskcrm.sync.protocol import AskContents, AskManifest, AskSegment, Part, Pull, pack
from tests.server.site import Site, Speaker
from tests.server.test_messages import creation

State = Callable[[Site, Speaker], None]


def _with(change: Callable[..., object]) -> State:
    def reach(site: Site, anna: Speaker) -> None:
        with site.keeping() as store:
            change(store, anna)

    return reach


def _move(site: Site) -> None:
    site.watch.move(minutes=11)


STATES: dict[str, State] = {
    "no token": lambda _, anna: setattr(anna, "access", ""),
    "another's token cut": lambda _, anna: setattr(anna, "access", anna.access[:-4] + "AAAA"),
    "the refresh token": lambda _, anna: setattr(anna, "access", anna.refresh),
    "an old token": lambda site, _: _move(site),
    "signed out": lambda site, anna: site.post(
        "/auth/v1/sign-out", json={"refresh": anna.refresh}
    ).raise_for_status(),
    "revoked": _with(lambda store, anna: accounts.revoke_device(store, anna.device)),
    "disabled": _with(lambda store, anna: accounts.disable(store, anna.name)),
    "left": _with(lambda store, anna: store.do(deactivate_user, UserId(anna.user))),
}


def requests_of(anna: Speaker) -> list[tuple[str, str, bytes | None]]:
    """Give one good request to each endpoint that needs a sign-in."""
    pull = Pull(anna.device.bytes, 1, [])
    (step,) = anna.pushing([creation()]).steps
    part = Part(anna.device.bytes, 1, step.no - 1, 0, step, 0, 2, bytes(32))
    return [
        ("POST", "/sync/v1/push", pack(anna.pushing([creation()]))),
        ("POST", "/sync/v1/part", pack(part)),
        ("POST", "/sync/v1/pull", pack(pull)),
        ("POST", "/sync/v1/manifest", pack(AskManifest(anna.device.bytes, "0001"))),
        ("POST", "/sync/v1/segment", pack(AskSegment(anna.device.bytes, bytes(32)))),
        ("POST", "/sync/v1/contents/ask", pack(AskContents(anna.device.bytes, []))),
        ("GET", "/sync/v1/wait?since=0", None),
        ("POST", "/sync/v1/news", pack(pull)),
        ("POST", "/sync/v1/follow", pack(pull)),
        ("GET", "/auth/v1/devices", None),
        ("GET", "/auth/v1/devices?everybody=true", None),
        ("DELETE", f"/auth/v1/devices/{anna.device}", None),
    ]


@pytest.mark.parametrize("role", [UserRole.ADMINISTRATOR, UserRole.VIEWER])
@pytest.mark.parametrize("state", STATES)
def test_who_may_not_speak_changes_nothing(site: Site, state: str, role: UserRole) -> None:
    site.add("Chief", UserRole.ADMINISTRATOR)  # the last administrator could not leave
    anna = site.person("Anna", role)
    STATES[state](site, anna)
    before = site.dump(apart=set())
    code = {"revoked": "revoked", "disabled": "closed", "left": "closed"}.get(state)
    wanted = (403, code) if code else (401, "sign_in")
    assert (anna.hello().status_code, anna.hello().json()["code"]) == wanted
    for method, path, body in requests_of(anna):
        answer = site.ask(method, path, anna.access, data=body)
        assert (answer.status_code, answer.json()["code"]) == wanted, path
    assert site.dump(apart=set()) == before


def test_who_may_speak_is_answered_everywhere(site: Site) -> None:
    anna = site.person("Anna", UserRole.ADMINISTRATOR)
    for method, path, body in requests_of(anna):
        assert site.ask(method, path, anna.access, data=body).status_code == 200, path
    assert anna.hello().status_code == 403
