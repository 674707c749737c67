"""Commands, actions and settings: all load, none share a key, all say what they are."""

import re

from tests.house.declared import declared
from tools.extract import extract


def test_every_module_loads() -> None:
    assert declared().unloadable == []


def test_no_two_actions_share_a_key_in_one_place_in_either_layout() -> None:
    assert declared().clashes == []


def test_ids_name_the_feature_and_the_verb() -> None:
    ids = [*declared().commands, *declared().actions, *declared().settings]
    assert [each for each in ids if not re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)+", each)] == []


def test_every_label_that_is_declared_goes_into_the_catalogue() -> None:
    texts = extract().texts
    everything = declared()
    labels = {**everything.commands, **everything.actions, **everything.settings}
    assert {key: label for key, label in labels.items() if ("", label) not in texts} == {}


def test_no_label_is_empty() -> None:
    everything = declared()
    labels = {**everything.commands, **everything.actions, **everything.settings}
    assert [key for key, label in labels.items() if not label.strip()] == []
