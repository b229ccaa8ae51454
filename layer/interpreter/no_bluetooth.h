/* Debian's pyconfig.h says that the machine which built it had these headers; here they are not needed. */
#include "pyconfig.h"
#undef HAVE_BLUETOOTH_BLUETOOTH_H
#undef HAVE_BLUETOOTH_H
