"""The server as it is shipped erases for an administrator only, and again after a restore."""

import json
from collections.abc import Callable
from pathlib import Path

from deskcrm.domain.users.model import UserRole
from deskcrm.server.place import Place
from deskcrm.sync.protocol import Op
from tests.cli.conftest import Ran
from tests.server.site import serving
from tests.server.test_admin import admin, done  # noqa: F401 - a fixture
from tests.server.test_messages import creation
from tests.watch import Watch


def erasure(made: Op) -> Op:
    """Erase what a creation made."""
    after = json.dumps({"name": "Erased person E-1", "sort_name": "erased person e 1"})
    return Op("client", made.row_id, "erase", 0, None, after)


def test_an_administrator_erases_and_a_restore_does_not_bring_it_back(
    place: Place,
    watch: Watch,
    admin: Callable[..., Ran],  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    made = creation(name="Marfa Selivanova")
    backup = tmp_path / "server.backup"
    with serving(place, watch) as site:
        boris, anna = (
            site.person("Boris", UserRole.LEAD), site.person("Anna", UserRole.ADMINISTRATOR)
        )  # fmt: skip
        boris.push_steps([made])
        done(admin("backup", str(backup)))
        before = site.dump()
        assert boris.push_steps([erasure(made)]).results[0].detail == "rights"
        assert site.dump() == before
        assert "Selivanova" in str(before["client"])
        assert "Selivanova" in str(before["change"])  # the control
        assert anna.push_steps([erasure(made)]).results[0].status == "applied"
        assert "Selivanova" not in str(site.dump())
    done(admin("restore", str(backup)))
    assert done(admin("check")) == "Everything is in order."
    with serving(place, watch) as site:
        held = site.dump()
        assert "Selivanova" not in str(held)
        assert "Erased person E-1" in str(held["client"])
        boris.site = site
        boris.sign_in()
        boris.epoch = boris.pull().epoch
        told = [op.kind for step in boris.pull().steps for op in step.ops]
        assert told.count("erase") == 1
