"""Texts, times and identifiers that every shape shares."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.models.base import Id, Model, Moment, Text, blank_to_none


class Sample(Model):
    name: Text = ""
    weight: float = 0.0
    at: Moment = datetime(2026, 1, 2, tzinfo=UTC)


def test_texts_are_trimmed_and_keep_their_lines():
    assert Sample(name=" \t a\tb\nc \u3000").name == "a\tb\nc"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x1b", "\x1f", "\x7f"])
def test_control_characters_are_refused(sign: str):
    with pytest.raises(ValidationError):
        Sample(name=f"a{sign}b")


@pytest.mark.parametrize("text", ["ü", "🏋", "a\r\nb", "עברית", "e\u0301"])
def test_every_other_sign_is_kept(text: str):
    assert Sample(name=text).name == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str):
    with pytest.raises(ValidationError):
        Sample.model_validate_json(f'{{"weight": {number}}}')


def test_models_cannot_be_changed():
    with pytest.raises(ValidationError):
        Sample().name = "other"


def test_unknown_fields_are_dropped():
    assert Sample.model_validate({"name": "x", "role": "ADMIN"}).model_dump().keys() == {
        "name",
        "weight",
        "at",
    }


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), "2026-03-04T05:06:07Z"),
        (datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC), "2026-03-04T05:06:07.000089Z"),
        # 05:06 two hours east of Greenwich is 03:06 there.
        (datetime(2026, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=2))), "2026-03-04T03:06:00Z"),
        # Without a zone it is UTC, whatever the machine's own zone (C20).
        (datetime(2026, 3, 4, 5, 6), "2026-03-04T05:06:00Z"),  # noqa: DTZ001
    ],
)
def test_times_are_written_in_utc_with_a_z(moment: datetime, text: str):
    """1.2: the web client hands them to `new Date`."""
    assert f'"at":"{text}"' in Sample(at=moment).model_dump_json()


def test_times_stay_times_for_the_store():
    assert isinstance(Sample().model_dump()["at"], datetime)


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
def test_blank_means_none(value: str):
    assert blank_to_none(value) is None


@pytest.mark.parametrize("value", ["a", 0, False, []])
def test_anything_else_means_itself(value: object):
    assert blank_to_none(value) is value


ids = TypeAdapter(Id)


@pytest.mark.parametrize(
    "value", ["a", "0", "bench-press_2", "8b83408c-78c8-43a0-9e2c-b2d2494f3d2a"]
)
def test_ids_are_plain(value: str):
    assert ids.validate_python(value) == value


@pytest.mark.parametrize("value", ["", "-a", "_a", "a/b", "a.b", "a b", "a\n", "ü", ".", "x" * 129])
def test_what_could_lead_elsewhere_is_no_id(value: str):
    """A slash would make another path of it, a leading underscore a reserved name."""
    with pytest.raises(ValidationError):
        ids.validate_python(value)
