"""What a snapshot relies on in glibc, OpenSSL and CPython is so, or an update has changed it."""

import pytest

from layer.build.executables.elf import Elf
from layer.build.executables.interpreter import WRAPPED
from layer.build.plan import SNAPSHOT
from layer.build.snapshot.image import FRESH
from layer.build.targets import TARGETS, Target
from tests.e2e.linked import GETRANDOM, aliases, folder, objects, places

pytestmark = pytest.mark.skipif(not SNAPSHOT, reason="built without a snapshot")
C_LIBRARIES = ("libc.a", "libm", "libgcc")
OF_PROCESSOR = {
    *("OPENSSL_ia32cap_P", "OPENSSL_armcap_P", "OPENSSL_arm_midr", "OPENSSL_armv8_rsa_neonized"),
    "trigger.0",
}
"""What OpenSSL knows of the processor, and whether it has asked."""
HIDDEN = {
    *("syscall", "getrandom", "clock_gettime", "gettimeofday", "time", "clock_nanosleep"),
    *("getpid", "getppid", "uname", "gethostname", "getcwd"),
    *("pthread_create", "pthread_key_create", "pthread_key_delete", "pthread_self"),
    *("RAND_bytes", "RAND_priv_bytes", "RAND_bytes_ex", "RAND_priv_bytes_ex"),
}
"""What layer/interpreter/hidden.h keeps from a snapshot."""
AROUND_THE_WRAPPERS = {
    "looks up names, sends questions over the network, or asks which addresses there are": {
        *(("clock_gettime", f"res_{name}") for name in ("mkquery", "randomid", "send")),
        *(("clock_gettime", name) for name in ("check_native", "check_pf", "ifaddrs")),
        *(("clock_gettime", name) for name in ("nscd_gethst_r", "nscd_helper")),
        *(("gethostname", name) for name in ("getnameinfo", "res_init")),
    },
    "is not called, or by nobody before a start": {
        ("clock_gettime", "clock"),
        ("clock_nanosleep", "nanosleep"),
        *(("getcwd", name) for name in ("canonicalize", "dcigettext", "dl-object", "gconv_conf")),
        *(("getpid", name) for name in ("dl-printf", "lockf64", "nptl_setxid")),
        *(("getpid", name) for name in ("pthread_cancel", "pthread_kill")),
        ("pthread_self", "raise"),
    },
    "is glibc's allocator, or its beginning, whose variables are fresh": {
        ("clock_gettime", "malloc"),
        ("uname", "libc-start"),
    },
    "makes threads, of which a seed has none": {
        ("pthread_key_create", "pthread_create"),
        ("pthread_key_delete", "pthread_create"),
    },
    "is wrapped itself": {("clock_gettime", "time"), ("uname", "gethostname")},
}
"""Objects of glibc that call one of these by a name of its own, so that the linker does not lead
them to the seed's; and why they may."""
ONE_ARCHITECTURE = {("clock_gettime", "time"), ("uname", "libc-start")}

on_both = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)


@on_both
def test_every_wrapped_function_is_there(target: Target) -> None:
    """One that was renamed would be wrapped in vain."""
    defined = {
        symbol.name
        for each in objects(target)
        for symbol in each.object.symbols()
        if symbol.section
    }
    assert set(WRAPPED) - defined == set()
    assert set(WRAPPED) >= HIDDEN


@on_both
def test_a_caller_of_a_hidden_function_by_another_name_is_known(target: Target) -> None:
    """The linker wraps what is called by the usual name alone."""
    others = aliases(objects(target), HIDDEN)
    found = {
        (others[symbol.name][0], each.name)
        for each in objects(target)
        for symbol in each.object.symbols()
        if not symbol.section and symbol.name in others and each.name != others[symbol.name][1]
    }
    known = {each for of_one_reason in AROUND_THE_WRAPPERS.values() for each in of_one_reason}
    assert found | ONE_ARCHITECTURE == known


@on_both
def test_the_kernel_is_asked_for_randomness_by_nobody_else(target: Target) -> None:
    """Glibc's function, and its malloc, which has no part in a snapshot."""
    found = {
        each.name
        for each in objects(target)
        if each.library == "libc.a" and each.calls_without_function(GETRANDOM[target.name])
    }
    assert found == {"getrandom", "malloc"}


@on_both
def test_all_variables_of_the_c_library_are_fresh(target: Target) -> None:
    """Descriptors, locks, addresses and canaries among them: all that it knows of its process."""
    where = places(Elf((folder(target) / "seed").read_bytes()))
    of_c = {
        name
        for each in objects(target)
        if each.library.startswith(C_LIBRARIES)
        for name in each.variables()
        if len(where[name]) == 1  # else others have variables of this name
    }
    assert len(of_c) > 300
    assert {name: where[name] for name in of_c if not where[name] <= FRESH} == {}


@on_both
def test_fresh_ranges_are_no_more_than_listed(target: Target) -> None:
    """Or CPython or OpenSSL would lose what it found out when the layer was built."""
    where = places(Elf((folder(target) / "seed").read_bytes()))
    fresh = {name for name, sections in where.items() if sections & FRESH}
    of_c = {
        name
        for each in objects(target)
        if each.library.startswith(C_LIBRARIES)
        for name in each.variables()
    }
    assert fresh - of_c <= OF_PROCESSOR
    assert fresh & {"OPENSSL_ia32cap_P", "OPENSSL_armcap_P"}
