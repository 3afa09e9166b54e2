"""Long lists of which a page shows a part: only what is looked at is put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class InWords(Sequence[T], Generic[T]):
    """As many rows as there are ``keys``; a part of them is made by ``named`` at once."""

    def __init__(self, keys: Sequence[Any], named: Callable[[Sequence[Any]], list[T]]) -> None:
        self._keys, self._named = keys, named

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        return iter(self._named(self._keys))

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return self._named(self._keys[index])
        return self._named([self._keys[index]])[0]
