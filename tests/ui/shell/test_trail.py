"""Back and forward."""

from deskcrm.ui.shell.trail import LONGEST, Stop, Trail


def walked(*places: str) -> Trail:
    trail = Trail()
    for place in places:
        trail.visit(Stop(place))
    return trail


def test_back_and_forward_walk_the_stops() -> None:
    trail = walked("today", "clients", "tasks")
    assert [trail.back(), trail.back()] == [Stop("clients"), Stop("today")]
    assert not trail.can_go_back
    assert trail.forward() == Stop("clients")


def test_going_somewhere_new_forgets_what_was_forward() -> None:
    trail = walked("today", "clients")
    trail.back()
    trail.visit(Stop("tasks"))
    assert not trail.can_go_forward
    assert trail.back() == Stop("today")


def test_the_same_place_again_is_not_another_stop() -> None:
    assert not walked("today", "today").can_go_back


def test_one_record_after_another_are_two_stops() -> None:
    trail = Trail()
    trail.visit(Stop("clients", {"client": 1}))
    trail.visit(Stop("clients", {"client": 2}))
    assert trail.back() == Stop("clients", {"client": 1})


def test_the_trail_does_not_grow_for_ever() -> None:
    trail = walked(*(f"place{n}" for n in range(3 * LONGEST)))
    steps = 0
    while trail.back():
        steps += 1
    assert steps == LONGEST - 1
