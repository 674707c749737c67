"""Signing in, over a real socket: tokens, their renewal, and everything that must end them."""

from hashlib import sha256

import pytest

from deskcrm.domain.users.commands import deactivate_user
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.server import accounts, attempts
from deskcrm.sync.protocol import Pushed, unpack
from tests.server.site import PASSWORD, Site, Speaker
from tests.server.test_messages import creation
from tests.watch import Watch


@pytest.fixture
def anna(site: Site) -> Speaker:
    return site.person("Anna", UserRole.AGENT)


def code(answer: object) -> tuple[int, str]:
    """Give the status and the word of a refusal."""
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]  # a response


def test_a_person_signs_in_and_is_known(site: Site, anna: Speaker) -> None:
    answer = site.sign_in("  aNNa ", device=anna.device)
    said = answer.json()
    assert said["user_id"] == str(anna.user)
    assert 0 < said["expires_in"] <= 600
    assert site.ask("GET", "/auth/v1/devices", said["access"]).status_code == 200


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(site: Site, anna: Speaker) -> None:
    before = site.dump(apart={"sign_in_attempt"})
    wrong, unknown = site.sign_in("Anna", "wrong horse"), site.sign_in("Nobody")
    assert code(wrong) == code(unknown) == (401, "sign_in")
    assert wrong.text == unknown.text
    assert site.dump(apart={"sign_in_attempt"}) == before


def test_a_signing_in_ends_the_former_one_of_the_device(site: Site, anna: Speaker) -> None:
    former = anna.access
    anna.sign_in()
    assert code(site.ask("GET", "/auth/v1/devices", former)) == (401, "sign_in")
    assert site.ask("GET", "/auth/v1/devices", anna.access).status_code == 200


def test_a_device_of_somebody_else_is_refused(site: Site, anna: Speaker) -> None:
    site.add("Boris", UserRole.AGENT)
    before = site.dump(apart={"sign_in_attempt"})
    assert code(site.sign_in("Boris", device=anna.device)) == (409, "unknown_device")
    assert site.dump(apart={"sign_in_attempt"}) == before


def renew(site: Site, token: str) -> object:
    return site.post("/auth/v1/refresh", json={"refresh": token})


def test_a_refresh_token_gives_the_next_pair(site: Site, anna: Speaker) -> None:
    answer = site.post("/auth/v1/refresh", json={"refresh": anna.refresh})
    assert answer.status_code == 200
    said = answer.json()
    assert said["refresh"] != anna.refresh
    assert code(site.ask("GET", "/auth/v1/devices", anna.access)) == (401, "sign_in")
    assert site.ask("GET", "/auth/v1/devices", said["access"]).status_code == 200


def test_an_access_token_lives_ten_minutes(site: Site, anna: Speaker, watch: Watch) -> None:
    watch.move(minutes=9, seconds=59)
    assert site.ask("GET", "/auth/v1/devices", anna.access).status_code == 200
    watch.move(seconds=1)
    assert code(site.ask("GET", "/auth/v1/devices", anna.access)) == (401, "sign_in")


def test_a_lost_answer_is_given_once_more_the_same(site: Site, anna: Speaker, watch: Watch) -> None:
    first = site.post("/auth/v1/refresh", json={"refresh": anna.refresh}).json()
    watch.move(seconds=29)
    again = site.post("/auth/v1/refresh", json={"refresh": anna.refresh})
    assert again.status_code == 200
    assert again.json() == first | {"expires_in": again.json()["expires_in"]}
    assert site.ask("GET", "/auth/v1/devices", first["access"]).status_code == 200


def check_ended(site: Site, used: str, kept: str) -> None:
    """A used token ends the sign-in and changes nothing else; the next one changes nothing."""
    before = site.dump(apart=set())
    assert code(renew(site, used)) == (401, "sign_in")
    ended = site.dump(apart=set())
    assert {name for name in ended if ended[name] != before[name]} == {"sign_in"}
    assert code(renew(site, kept)) == (401, "sign_in")
    assert site.dump(apart=set()) == ended


def test_a_third_use_ends_the_sign_in(site: Site, anna: Speaker) -> None:
    for _ in range(2):
        last = site.post("/auth/v1/refresh", json={"refresh": anna.refresh}).json()
    check_ended(site, anna.refresh, last["refresh"])
    assert code(site.ask("GET", "/auth/v1/devices", last["access"])) == (401, "sign_in")


def test_a_late_second_use_ends_the_sign_in(site: Site, anna: Speaker, watch: Watch) -> None:
    first = site.post("/auth/v1/refresh", json={"refresh": anna.refresh}).json()
    watch.move(seconds=31)
    check_ended(site, anna.refresh, first["refresh"])


def test_a_use_after_the_next_one_ends_the_sign_in(site: Site, anna: Speaker) -> None:
    first = site.post("/auth/v1/refresh", json={"refresh": anna.refresh}).json()
    second = site.post("/auth/v1/refresh", json={"refresh": first["refresh"]}).json()
    check_ended(site, anna.refresh, second["refresh"])


def test_a_refresh_token_that_was_not_used_for_long_is_refused(
    site: Site, anna: Speaker, watch: Watch
) -> None:
    watch.move(days=59)
    kept = site.post("/auth/v1/refresh", json={"refresh": anna.refresh}).json()
    watch.move(days=61)
    assert code(renew(site, kept["refresh"])) == (401, "sign_in")


def test_signing_out_ends_both_tokens(site: Site, anna: Speaker) -> None:
    answer = site.post("/auth/v1/sign-out", anna.access, json={"refresh": anna.refresh})
    assert answer.status_code == 200
    assert code(renew(site, anna.refresh)) == (401, "sign_in")
    assert code(anna.hello()) == (401, "sign_in")


def test_a_revoked_device_is_refused_at_once_everywhere(site: Site, anna: Speaker) -> None:
    other = site.speaker("Anna", anna.user)
    answer = site.ask("DELETE", f"/auth/v1/devices/{anna.device}", other.access)
    assert answer.status_code == 200
    assert code(anna.hello()) == (403, "revoked")
    assert code(renew(site, anna.refresh)) == (403, "revoked")
    assert code(site.sign_in("Anna", device=anna.device)) == (403, "revoked")
    assert other.hello().status_code == 200


def test_a_revocation_is_proven_to_whoever_has_the_token_and_to_nobody_else(
    site: Site, anna: Speaker
) -> None:
    seal = site.sign_in("Anna", device=anna.device).json()["seal"]
    anna.sign_in()
    other = site.speaker("Anna", anna.user)
    with site.keeping() as store:
        accounts.revoke_device(store, anna.device)
    before = site.dump(apart={"sign_in_attempt"})
    refusals = [
        anna.hello(),
        renew(site, anna.refresh),
        site.post("/auth/v1/sign-out", json={"refresh": anna.refresh}),
        site.sign_in("Anna", device=anna.device),
    ]
    for refused in refusals:
        proof = bytes.fromhex(refused.json()["proof"])  # type: ignore[attr-defined]  # a response
        assert sha256(proof).hexdigest() == seal
    # The first half of a token names the sign-in; only the second shows whose it is.
    forged = anna.refresh[:24] + other.refresh[24:]
    for refused in (
        site.ask("GET", "/auth/v1/devices", forged),
        renew(site, forged),
        site.sign_in("Anna", "wrong horse", device=anna.device),
    ):
        assert code(refused) == (401, "sign_in")
        assert "proof" not in refused.json()  # type: ignore[attr-defined]  # a response
    assert site.dump(apart={"sign_in_attempt"}) == before


@pytest.mark.parametrize("how", ["disabled", "left"])
def test_a_closed_account_is_told_so_and_refused_at_once_everywhere(
    site: Site, anna: Speaker, how: str
) -> None:
    with site.keeping() as store:
        if how == "disabled":
            accounts.disable(store, "Anna")
        else:
            store.do(deactivate_user, UserId(anna.user))
    before = site.dump(apart={"sign_in_attempt"})
    assert code(anna.hello()) == (403, "closed")
    assert code(site.sign_in("Anna")) == (403, "closed")
    assert code(site.sign_in("Anna", "wrong horse")) == (401, "sign_in")
    assert code(site.ask("GET", "/auth/v1/devices", anna.access[:-4] + "AAAA")) == (401, "sign_in")
    assert site.dump(apart={"sign_in_attempt"}) == before
    for _ in range(2):
        assert code(renew(site, anna.refresh)) == (403, "closed")
    after = site.dump(apart={"sign_in_attempt"})
    assert {name for name in after if after[name] != before[name]} <= {"sign_in"}


def test_another_password_ends_what_the_old_one_began(site: Site, anna: Speaker) -> None:
    with site.keeping() as store:
        accounts.set_password(store, "Anna", "another horse")
    assert code(anna.hello()) == (401, "sign_in")
    assert code(site.sign_in("Anna")) == (401, "sign_in")
    assert site.sign_in("Anna", "another horse").status_code == 200


def test_too_many_attempts_at_a_login_must_wait(
    site: Site, anna: Speaker, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "OF_A_LOGIN", 2)
    for _ in range(2):
        assert site.sign_in("Anna", "wrong horse").status_code == 401
    before = site.dump(apart=set())
    refused = site.sign_in("Anna", PASSWORD)
    assert code(refused) == (429, "too_many")
    assert site.dump(apart=set()) == before
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    watch.move(minutes=15)
    assert site.sign_in("Anna", PASSWORD).status_code == 200


def test_too_many_attempts_from_an_address_must_wait(
    site: Site, anna: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "OF_AN_ADDRESS", 3)
    answers = [site.sign_in(f"Nobody {n}").status_code for n in range(2)]
    before = site.dump(apart=set())
    # One was Anna's own, at the beginning.
    assert [*answers, site.sign_in("Nobody 2").status_code] == [401, 401, 429]
    assert site.dump(apart=set()) == before


def test_one_sees_and_revokes_ones_own_devices_only(site: Site, anna: Speaker) -> None:
    boris = site.person("Boris", UserRole.LEAD)
    listed = site.ask("GET", "/auth/v1/devices", anna.access).json()["devices"]
    assert [one["id"] for one in listed] == [str(anna.device)]
    before = site.dump(apart=set())
    refused = site.ask("DELETE", f"/auth/v1/devices/{boris.device}", anna.access)
    assert code(refused) == (404, "not_found")
    everybody = site.ask("GET", "/auth/v1/devices?everybody=true", anna.access)
    assert code(everybody) == (403, "rights")
    assert site.dump(apart=set()) == before


def test_an_administrator_sees_and_revokes_every_device(site: Site, anna: Speaker) -> None:
    chief = site.person("Chief", UserRole.ADMINISTRATOR)
    listed = site.ask("GET", "/auth/v1/devices?everybody=true", chief.access).json()["devices"]
    assert {one["id"] for one in listed} == {str(anna.device), str(chief.device)}
    answer = site.ask("DELETE", f"/auth/v1/devices/{anna.device}", chief.access)
    assert answer.status_code == 200
    assert code(anna.hello()) == (403, "revoked")


def test_a_message_that_names_another_device_is_refused(site: Site, anna: Speaker) -> None:
    other = site.speaker("Anna", anna.user)
    before = site.dump(apart=set())
    assert code(anna.hello(device=other.device.bytes)) == (409, "unknown_device")
    assert site.dump(apart=set()) == before


def test_under_a_former_id_only_its_person_speaks_and_only_from_a_device_that_may(
    site: Site, anna: Speaker
) -> None:
    """A former self hands over what a restore lost; a device that is locked out does not."""
    boris = site.person("Boris", UserRole.AGENT)
    now, stolen = site.speaker("Anna", anna.user), site.speaker("Anna", anna.user)
    message = anna.pushing([creation()])
    with site.keeping() as store:
        accounts.revoke_device(store, stolen.device)
        accounts.revoke_device(store, anna.device)
    before = site.dump(apart=set())
    assert code(stolen.send("/sync/v1/push", message)) == (403, "revoked")
    assert code(anna.send("/sync/v1/push", message)) == (403, "revoked")
    assert code(boris.send("/sync/v1/push", message)) == (409, "unknown_device")
    assert site.dump(apart=set()) == before
    taken = now.send("/sync/v1/push", message)  # the control: the former id is locked out, she not
    assert unpack(Pushed, taken.content).last == 1
