"""Arrays by their addresses: one short array that machine code can hand on, instead of forty.

A compiler that must hand on forty arrays from function to function takes minutes, and what it makes is slow.
So machine code gets the addresses, and ``view`` makes an array of one again at no cost.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

PARTS = 3  # of an array in the list of addresses: address, rows, width


class _Holder:
    """What a list of addresses stands on: it lives as long as the list does, and so do the arrays."""

    def __init__(self, refs: np.ndarray[Any, Any], arrays: list[np.ndarray[Any, Any]]) -> None:
        self.refs = refs
        self.arrays = arrays
        self.__array_interface__ = refs.__array_interface__


def refs_of(values: Any) -> np.ndarray[Any, Any]:
    """Return the addresses and lengths of the fields of a dataclass, arrays or whole numbers, in their order.

    The arrays live on while the list of their addresses does.
    """
    refs = np.zeros(PARTS * len(fields(values)), np.int64)
    arrays = []
    for index, field in enumerate(fields(values)):
        value = getattr(values, field.name)
        if isinstance(value, np.ndarray):
            if not value.flags.c_contiguous:
                raise ValueError(f"{field.name} is not contiguous")
            refs[PARTS * index : PARTS * (index + 1)] = (value.ctypes.data, len(value), _width(value))
            arrays.append(value)
        else:
            refs[PARTS * index] = value
    return np.asarray(_Holder(refs, arrays))


def _width(value: np.ndarray[Any, Any]) -> int:
    return value.shape[1] if value.ndim == 2 else 1


def view(position: int, dtype: Any, dimensions: int = 1) -> Any:
    """Return a function for machine code that gives the array at a position of a list of addresses."""
    element = from_dtype(np.dtype(dtype))
    array = types.Array(element, dimensions, "C")

    @intrinsic
    def of(_typing: Any, refs: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return _array(context, builder, signature, arguments)

        return array(refs), codegen

    def _array(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = context.make_array(signature.args[0])(context, builder, arguments[0])
        parts = [
            builder.load(cgutils.gep(builder, given.data, PARTS * position + part)) for part in range(1 + dimensions)
        ]
        made = context.make_array(array)(context, builder)
        size = context.get_constant(types.intp, np.dtype(dtype).itemsize)
        shape = parts[1:]
        strides = [builder.mul(size, shape[1]), size] if dimensions == 2 else [size]
        populate_array(
            made,
            data=builder.inttoptr(parts[0], made.data.type),
            shape=cgutils.pack_array(builder, shape),
            strides=cgutils.pack_array(builder, strides),
            itemsize=size,
            meminfo=None,
        )
        return made._getvalue()  # noqa: SLF001 (the only way to the value of a struct)

    return of
