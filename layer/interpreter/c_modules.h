/* Read before each of CPython's C modules that are compiled here. */
#pragma once

/* Debian's pyconfig.h says that the machine which built it had these headers; here they are not needed. */
#include "pyconfig.h"
#undef HAVE_BLUETOOTH_BLUETOOTH_H
#undef HAVE_BLUETOOTH_H

/* They take for granted that OpenSSL knows the reason of each error (declined.c). */
#define ERR_reason_error_string reason_of_error
