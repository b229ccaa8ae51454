"""Immutable, slotted values, without the 12 ms that importing `dataclasses` costs a cold start.

A subclass declares annotated fields, with defaults if it likes, as a dataclass would:

    class Point(Value):
        x: int
        y: int = 0

and gets construction by position or name, equality, hashing, `match` by position, and a `repr`.
Fields named in `SECRET` are redacted in the `repr`, so that no log or traceback shows them.
"""

from __future__ import annotations

__all__ = ["Value", "assert_never"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, assert_never, dataclass_transform
else:

    def assert_never(value):  # noqa: ANN001, ANN201
        """Stand in for `typing.assert_never`: what the type checker proves can't happen."""
        raise AssertionError(f"unexpected {type(value).__name__}")

    def dataclass_transform(**_options):  # noqa: ANN003, ANN202
        """Stand in for `typing.dataclass_transform`, whose module costs 5 ms."""
        return lambda decorated: decorated


@dataclass_transform(frozen_default=True)
class _ValueType(type):
    """Turns the annotations of a class body into slots."""

    FIELDS: tuple[str, ...]
    DEFAULTS: dict[str, Any]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> _ValueType:
        own = tuple(
            field
            for field, kind in namespace.get("__annotations__", {}).items()
            if not str(kind).startswith("ClassVar")
        )
        defaults = {field: namespace.pop(field) for field in own if field in namespace}
        namespace["__slots__"] = own
        cls = super().__new__(mcs, name, bases, namespace)
        inherited = next((base for base in bases if isinstance(base, _ValueType)), None)
        cls.FIELDS = (*inherited.FIELDS, *own) if inherited else own
        cls.DEFAULTS = {**inherited.DEFAULTS, **defaults} if inherited else defaults
        cls.__match_args__ = cls.FIELDS  # type: ignore[attr-defined, misc]
        return cls


class Value(metaclass=_ValueType):
    """An immutable value; see the module's text.

    Raises:
        TypeError: at construction, for a field that is missing, unknown or given twice.
        AttributeError: at any attempt to change or delete a field.
    """

    SECRET: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *values: Any, **named: Any) -> None:
        cls = type(self)
        given = {**cls.DEFAULTS, **dict(zip(cls.FIELDS, values)), **named}  # noqa: B905
        twice = [field for field in cls.FIELDS[: len(values)] if field in named]
        if twice or len(values) > len(cls.FIELDS) or given.keys() != set(cls.FIELDS):
            raise TypeError(f"{cls.__name__} takes {', '.join(cls.FIELDS)}")
        for field, value in given.items():
            object.__setattr__(self, field, value)

    def __setattr__(self, field: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {field} can't be set")

    def __delattr__(self, field: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {field} can't be deleted")

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, field) for field in type(self).FIELDS)

    def __eq__(self, other: object) -> bool:
        return (
            self._fields() == other._fields()
            if isinstance(other, Value) and type(other) is type(self)
            else NotImplemented
        )

    def __hash__(self) -> int:
        return hash((type(self), self._fields()))

    def __repr__(self) -> str:
        cls = type(self)
        shown = (
            f"{field}={'<redacted>' if field in cls.SECRET else repr(getattr(self, field))}"
            for field in cls.FIELDS
        )
        return f"{cls.__name__}({', '.join(shown)})"
