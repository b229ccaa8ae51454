/* CPython with the modules of frozen.c in it, and `extension` run on it.
 *
 * Nothing here is configurable: the environment, the command line and the file system have no part in how the
 * interpreter is initialised. Modules come from the executable alone, as sys.path is empty. */
#pragma once
#include <Python.h>

#include "openssl.h"

/* The members of the isolated configuration that name a place; set, so that none is looked for. */
static const size_t PLACES[] = {
    offsetof(PyConfig, program_name), offsetof(PyConfig, executable),       offsetof(PyConfig, base_executable),
    offsetof(PyConfig, prefix),       offsetof(PyConfig, base_prefix),      offsetof(PyConfig, exec_prefix),
    offsetof(PyConfig, home),         offsetof(PyConfig, base_exec_prefix),
};

static void require(PyStatus status) {
  if (PyStatus_Exception(status)) Py_ExitStatusException(status);
}

/* `hash_seed` 0 has strings hash differently in each process. */
static void initialise(const char *executable, int argc, char **argv, unsigned long hash_seed) {
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;
  require(Py_PreInitialize(&before));

  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.code_debug_ranges = 0;
  config.hash_seed = hash_seed;
  config.use_hash_seed = hash_seed != 0;
  config.install_signal_handlers = 1;
  config.module_search_paths_set = 1;
  config.optimization_level = 2;
  config.pathconfig_warnings = 0;
  config.site_import = 0;
  config.use_frozen_modules = 1;
  config.write_bytecode = 0;
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
    require(PyConfig_SetBytesString(&config, (wchar_t **)((char *)&config + PLACES[i]), executable));
  require(PyConfig_SetString(&config, &config.platlibdir, L"lib"));
  require(PyConfig_SetString(&config, &config.stdlib_dir, L"")); /* else frozen modules would claim to be files in it */
  require(PyConfig_SetString(&config, &config.filesystem_encoding, L"utf-8"));
  require(PyConfig_SetString(&config, &config.filesystem_errors, L"surrogateescape"));
  require(PyConfig_SetString(&config, &config.stdio_encoding, L"utf-8"));
  require(PyConfig_SetString(&config, &config.stdio_errors, L"backslashreplace"));
  require(PyConfig_SetBytesArgv(&config, argc, argv));
  require(Py_InitializeFromConfig(&config));
  PyConfig_Clear(&config);
}

/* What the exception says about the exit status: SystemExit names it, all else is printed and 1. */
static int status_of_exception(void) {
  if (!PyErr_ExceptionMatches(PyExc_SystemExit)) return PyErr_Print(), 1;
  PyObject *exit = PyErr_GetRaisedException(), *code = PyObject_GetAttrString(exit, "code");
  if (code == Py_None) return 0;
  if (code && PyLong_Check(code)) return (int)PyLong_AsLong(code);
  if (code) PySys_FormatStderr("%S\n", code);
  return 1;
}

static int status_of(PyObject *result) {
  if (result == NULL) return status_of_exception();
  return PyLong_Check(result) ? (int)PyLong_AsLong(result) : 0;
}
