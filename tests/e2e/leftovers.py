"""What a rehearsal could leave in the memory of a snapshot, and how it is searched for."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

WORD = 8  # bytes
_STREAM = 1 << 18


def random_words() -> set[int]:
    """All that can be read of the seed's random numbers (layer/interpreter/hidden.h), as words.

    What has remained of fifteen of these bytes or more holds a word at a multiple of eight.
    """
    state, numbers = 1, bytearray()
    for _ in range(_STREAM):
        state = (state * 1664525 + 1013904223) % (1 << 32)
        numbers.append(state >> 24)
    return {word for first in range(WORD) for word in words(bytes(numbers[first:]))}


def words(memory: bytes) -> set[int]:
    """The words at multiples of eight bytes."""
    return set(memoryview(memory[: len(memory) - len(memory) % WORD]).cast("Q"))


def private_numbers(folder: Path) -> Iterator[bytes]:
    """The secret numbers of the keys in a folder's files, in both orders of bytes."""
    for file in sorted(folder.glob("*-server.pem")):
        match load_pem_private_key(file.read_bytes(), None):
            case rsa.RSAPrivateKey() as key:
                numbers = key.private_numbers()
                secret = [numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1]
            case ec.EllipticCurvePrivateKey() as curve:
                secret = [curve.private_numbers().private_value]
            case other:
                raise TypeError(other)
        for number in secret:
            size = -(-number.bit_length() // 8)
            yield number.to_bytes(size, "big")
            yield number.to_bytes(size, "little")


def spellings(text: str) -> Iterator[bytes]:
    """A text as memory may hold it: in bytes, wide characters, hexadecimal, or base 64."""
    data = text.encode()
    yield from (data, text.upper().encode(), data[::-1])
    yield from (text.encode("utf-16-le"), text.encode("utf-32-le"), data.hex().encode())
    for before in range(3):  # the first and last characters depend on what is around
        yield b64encode(bytes(before) + data).rstrip(b"=")[before + 1 : -1]
