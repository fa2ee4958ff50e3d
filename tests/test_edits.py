"""Whoever saves second loses nothing, and is told where somebody else changed the same field."""

from hypothesis import given
from hypothesis import strategies as st

from pencilin.rules.edits import merge

FIELDS = ("name", "phone", "email")
texts = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b", "c"]) for name in FIELDS})


@given(was=texts, typed=texts, stored=texts)
def test_each_field_is_decided_by_itself(was: dict[str, str], typed: dict[str, str], stored: dict[str, str]) -> None:
    result = merge(was, typed, stored)
    for name in FIELDS:
        if typed[name] == was[name]:
            assert result.values[name] == stored[name] and name not in result.clashes
        else:
            assert result.values[name] == typed[name]
            assert (name in result.clashes) == (stored[name] != was[name] and stored[name] != typed[name])


def test_a_clash_says_what_is_there_now_and_keeps_what_was_typed() -> None:
    result = merge({"name": "Willow"}, {"name": "Willow Clinic"}, {"name": "Willow Nutrition", "phone": "1"})
    assert result.values == {"name": "Willow Clinic", "phone": "1"}
    assert result.clashes == {"name": "Willow Nutrition"}
