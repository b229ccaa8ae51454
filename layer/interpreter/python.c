/* An ordinary `python` of the same objects as the daemon's interpreter. It is not in the layer: the build
 * compiles the frozen modules with it, and CPython's own tests run on it. */
#include <Python.h>

#include "openssl.h"
#include "resolver.h"

PyMODINIT_FUNC PyInit__contextvars(void);
PyMODINIT_FUNC PyInit__hashlib(void);
PyMODINIT_FUNC PyInit__queue(void);
PyMODINIT_FUNC PyInit__ssl(void);

static const struct _inittab COMPILED[] = {{"_contextvars", PyInit__contextvars},
                                           {"_hashlib", PyInit__hashlib},
                                           {"_queue", PyInit__queue},
                                           {"_ssl", PyInit__ssl}};

int main(int argc, char **argv) {
  resolve_alone();
  set_up_openssl();
  for (size_t i = 0; i < sizeof COMPILED / sizeof *COMPILED; i++)
    PyImport_AppendInittab(COMPILED[i].name, COMPILED[i].initfunc);
  return Py_BytesMain(argc, argv);
}
