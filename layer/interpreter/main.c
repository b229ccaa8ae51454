/* The daemon's interpreter without a snapshot: every start initialises it and imports the daemon anew.
 *
 * It is the way out, should a snapshot ever be in doubt: LAYER_SNAPSHOT=no builds it. See docs/how/snapshot.md. */
#include "interpreter.h"
#include "process.h"

#include <sys/auxv.h>

static int run(void) {
  PyObject *module = PyImport_ImportModule("extension.__main__");
  return status_of(module ? PyObject_CallMethod(module, "main", NULL) : NULL);
}

int main(int argc, char **argv) {
  prepare_process(argc, argv);
  set_up_openssl();
  initialise((const char *)getauxval(AT_EXECFN), argc, argv, 0);
  fill_standard_streams(); /* CPython takes those that are closed for none, and a folder in their place for a mistake */
  _exit(run()); /* threads may still run: no finalisation */
}
