"""What a writer acknowledged must be in the database that it left."""

from uuid import UUID

from deskcrm.store import engine
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from tests.fixtures_store import KEY


def check_acknowledged(profile: Profile, lines: list[str]) -> None:
    """Assert that everything the writer acknowledged is there, as it was when it said so."""
    store = Store.open(engine.open_sqlite(profile.database, KEY))
    try:
        with store.database.readers.begin() as connection:
            for line in lines:
                box, things = line.split()
                row = UUID(hex=box).bytes
                found = connection.exec_driver_sql(
                    "SELECT is_deleted FROM toy_box WHERE id = ?", (row,)
                ).fetchone()
                assert found is not None, line
                inside = connection.exec_driver_sql(
                    "SELECT count(*) FROM toy_thing WHERE toy_box_id = ? AND NOT is_deleted", (row,)
                ).scalar()
                if int(things) >= 0:
                    assert (found[0], inside) == (0, int(things)), line
                else:
                    assert found[0] == 1 or inside == 0, line
    finally:
        store.close()
