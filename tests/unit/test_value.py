"""Values: what a frozen, slotted dataclass would give, and redaction."""

import pytest

from extension.value import Value, assert_never


class Point(Value):
    """Two numbers, one of them with a default."""

    x: int
    y: int = 0


class Point3(Point):
    """One more, after those inherited."""

    z: int = 9


class Login(Value):
    """A name that may be shown, and a password that may not."""

    SECRET = ("password",)

    name: str
    password: str


def test_fields_are_given_by_position_or_by_name() -> None:
    """And defaults fill in the rest."""
    assert (Point(1).x, Point(1).y) == (1, 0)
    assert Point(1, 2) == Point(x=1, y=2) == Point(1, y=2)


def test_inherited_fields_come_first() -> None:
    """As in a dataclass."""
    assert repr(Point3(1, 2, 3)) == "Point3(x=1, y=2, z=3)"
    assert Point3(1).z == 9


@pytest.mark.parametrize(
    ("positional", "named"),
    [((), {}), ((), {"y": 1}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1})],
    ids=["none", "missing", "too many", "twice", "unknown"],
)
def test_wrong_fields_are_a_type_error(positional: tuple[int, ...], named: dict[str, int]) -> None:
    """It lists those there are."""
    with pytest.raises(TypeError, match="Point takes x, y"):
        Point(*positional, **named)


def test_a_value_does_not_change() -> None:
    """Neither set nor deleted, nor given attributes that it doesn't have."""
    point = Point(1, 2)
    with pytest.raises(AttributeError, match="Point is immutable: x can't be set"):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point is immutable: y can't be deleted"):
        del point.y
    with pytest.raises(AttributeError):
        point.w = 4
    assert point == Point(1, 2)


def test_values_are_slotted() -> None:
    """A million entries cost no dictionary each."""
    assert not hasattr(Point3(1), "__dict__")


def test_equality_is_by_kind_and_fields() -> None:
    """A value equals none of another kind, even with the same fields."""
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != Point3(1, 2)
    assert Point(1, 2) != (1, 2)


def test_equal_values_hash_alike() -> None:
    """So they are keys of a dictionary."""
    assert {Point(1): "there"}[Point(1, 0)] == "there"
    assert len({Point(1, 2), Point(1, 2), Point3(1, 2)}) == 2


def test_a_value_matches_by_position_and_by_name() -> None:
    """In the order of its fields."""
    match Point(1, 2):
        case Point(x, y=2):
            assert x == 1
        case _:
            pytest.fail("it did not match")


def test_a_secret_field_is_not_in_the_repr() -> None:
    """The others are."""
    assert repr(Login("me", "canary")) == "Login(name='me', password=<redacted>)"


def test_what_can_t_happen_says_its_type_alone() -> None:
    """The thing itself may be a secret."""
    with pytest.raises(AssertionError, match=r"^unexpected Login$"):
        assert_never(Login("me", "canary"))  # type: ignore[arg-type]
