"""In place of the standard library's: host names in ASCII, which all of AWS's are.

`socket` encodes every name by this codec. The original takes Unicode's database along, a twentieth
of the layer's zip, for names that nobody here can need.
"""

import codecs


def encode(name: str, errors: str = "strict") -> tuple[bytes, int]:
    """Encode a host name.

    Args:
        name: The name, in ASCII.
        errors: Whether to be strict; nothing else is known.

    Raises:
        UnicodeError: It is not ASCII, or `errors` is something else.
    """
    if errors != "strict":
        raise UnicodeError(f"unsupported error handling {errors}")
    return name.encode("ascii"), len(name)


def decode(name: bytes, errors: str = "strict") -> tuple[str, int]:
    """Decode a host name; see `encode`."""
    if errors != "strict":
        raise UnicodeError(f"unsupported error handling {errors}")
    return bytes(name).decode("ascii"), len(name)


def getregentry() -> codecs.CodecInfo:
    """What `encodings` registers."""
    return codecs.CodecInfo(encode, decode, name="idna")
