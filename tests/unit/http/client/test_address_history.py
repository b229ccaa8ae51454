"""In which order a host's addresses are tried, after what has become of them."""

from socket import AF_INET

from extension.http.client.address_history import AddressHistory

A, B, C = ((AF_INET, (f"192.0.2.{number}", 443)) for number in (1, 2, 3))


def test_addresses_of_which_nothing_is_known_keep_their_order() -> None:
    """It is the resolver's."""
    assert AddressHistory().in_order([A, B, C]) == [A, B, C]


def test_the_address_that_was_connected_with_last_is_tried_first() -> None:
    """So that a silent one is waited for once."""
    history = AddressHistory()
    history.note_connected(C)
    assert history.in_order([A, B, C]) == [C, A, B]
    history.note_connected(B)
    assert history.in_order([A, B, C]) == [B, A, C]


def test_an_address_that_has_failed_is_tried_last() -> None:
    """However good it was before."""
    history = AddressHistory()
    history.note_connected(A)
    history.note_failed(A)
    assert history.in_order([A, B, C]) == [B, C, A]


def test_failed_addresses_take_turns() -> None:
    """A silent one would otherwise take every attempt of an AWS that was slow once."""
    history = AddressHistory()
    for target in (A, B, C, A):
        history.note_failed(target)
    assert history.in_order([A, B, C]) == [B, C, A]


def test_an_address_that_is_connected_with_again_has_not_failed() -> None:
    """The others may have been worse."""
    history = AddressHistory()
    history.note_failed(A)
    history.note_failed(B)
    history.note_connected(A)
    assert history.in_order([A, B, C]) == [A, C, B]


def test_addresses_that_the_host_no_longer_has_are_forgotten() -> None:
    """Or there would be more and more of them."""
    history = AddressHistory()
    history.note_failed(A)
    history.in_order([B, C])
    assert history.in_order([A, B]) == [A, B]
