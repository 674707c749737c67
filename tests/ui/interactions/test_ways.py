"""A way of speaking is said in words that agree."""

import itertools

import pytest

from deskcrm.base import words
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.ui.interactions.ways import way_words


@pytest.mark.parametrize(
    ("channel", "direction", "english", "russian"),
    [
        (Channel.CALL, Direction.OUTGOING, "Outgoing call", "Исходящий звонок"),
        (Channel.EMAIL, Direction.INCOMING, "Incoming email", "Входящее письмо"),
        (Channel.MEETING, Direction.OUTGOING, "Meeting", "Встреча"),
        (Channel.NOTE, Direction.NONE, "Note", "Заметка"),
    ],
)
def test_a_channel_agrees_with_who_turned_to_whom(
    channel: Channel, direction: Direction, english: str, russian: str
) -> None:
    assert way_words(channel, direction) == english
    words.set_language("ru")
    assert way_words(channel, direction) == russian


def test_every_way_has_words() -> None:
    for channel, direction in itertools.product(Channel, Direction):
        assert way_words(channel, direction)
