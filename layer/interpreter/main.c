/* The daemon's interpreter: CPython with the modules of frozen.c in it, and `extension` run on its bare core.
 *
 * `_init_main = 0` stops after core initialisation: builtin and frozen modules import and strings encode, but
 * there is no sys.stdout, no open() and no path importer. The daemon needs none of them, so it lives on the core,
 * which is never finished: that would be a seventh of its start. Nothing here is configurable: the environment,
 * the command line and the file system have no part in how the interpreter starts. */
#include <Python.h>
#include <internal/pycore_codecs.h>
#include <internal/pycore_pylifecycle.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "importing.h"
#include "resolver.h"

/* Every member of the isolated configuration that names a place, so that none is looked for. */
static const size_t PLACES[] = {
    offsetof(PyConfig, program_name), offsetof(PyConfig, executable),       offsetof(PyConfig, base_executable),
    offsetof(PyConfig, prefix),       offsetof(PyConfig, base_prefix),      offsetof(PyConfig, exec_prefix),
    offsetof(PyConfig, stdlib_dir),   offsetof(PyConfig, base_exec_prefix), offsetof(PyConfig, home),
};

static void require(PyStatus status) {
  if (PyStatus_Exception(status)) Py_ExitStatusException(status);
}

/* The function's code runs as the same user: it must not read this memory. exec undoes it, hence here.
 * A command started by `warmkey exec` inherits the limit, but not the flag; so the limit is not for `exec`. */
static void keep_memory_private(int argc, char **argv) {
  prctl(PR_SET_DUMPABLE, 0);
  if (argc < 2 || strcmp(argv[1], "exec")) setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

/* A standard stream that is closed leaves its number to the next socket, and log lines would be written into that.
 * What takes its place refuses to be read and written, needs no /dev, and is gone again in a program that we become. */
static void fill_standard_streams(void) {
  int fd = -1;
  do fd = open("/", O_PATH | O_CLOEXEC);
  while (0 <= fd && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

/* OPENSSL_CONF and openssl.cnf can name code to load: read neither. Ciphers outside TLS, and the texts of errors
 * beside those that `_ssl` has of its own, are 5 % of a start and serve nobody here. */
static void set_up_openssl(void) {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS,
                      NULL);
}

/* Finishing would bring parts that C code takes for granted: without them, bytes that are not UTF-8 or a signal end
 * the process, and sys has no argv. */
static void complete_core(void) {
  PyObject *modules = PyImport_GetModuleDict();
  PyDict_SetItemString(modules, "encodings", Py_True); /* it would be imported here, from a file */
  require(_PyCodec_InitRegistry(PyInterpreterState_Get()));
  PyDict_DelItemString(modules, "encodings");
  if (_PySignal_Init(0) || _PySys_UpdateConfig(PyThreadState_Get())) PyErr_Print();
  import_without_importlib();
}

static void start_core(int argc, char **argv) {
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;
  require(Py_PreInitialize(&before));

  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config._init_main = 0;
  config.code_debug_ranges = 0;
  config.install_signal_handlers = 1;
  config.module_search_paths_set = 1;
  config.optimization_level = 2;
  config.pathconfig_warnings = 0;
  config.site_import = 0;
  config.use_frozen_modules = 1;
  config.write_bytecode = 0;
  const char *executable = (const char *)getauxval(AT_EXECFN);
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
    require(PyConfig_SetBytesString(&config, (wchar_t **)((char *)&config + PLACES[i]), executable));
  require(PyConfig_SetString(&config, &config.platlibdir, L"lib"));
  require(PyConfig_SetString(&config, &config.filesystem_encoding, L"utf-8"));
  require(PyConfig_SetString(&config, &config.filesystem_errors, L"surrogateescape"));
  require(PyConfig_SetString(&config, &config.stdio_encoding, L"utf-8"));
  require(PyConfig_SetString(&config, &config.stdio_errors, L"backslashreplace"));
  require(PyConfig_SetBytesArgv(&config, argc, argv));
  require(Py_InitializeFromConfig(&config));
  PyConfig_Clear(&config);
  complete_core();
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

static int run(void) {
  PyObject *module = PyImport_ImportModule("extension.__main__");
  PyObject *result = module ? PyObject_CallMethod(module, "main", NULL) : NULL;
  if (result == NULL) return status_of_exception();
  return PyLong_Check(result) ? (int)PyLong_AsLong(result) : 0;
}

int main(int argc, char **argv) {
  keep_memory_private(argc, argv);
  fill_standard_streams();
  signal(SIGPIPE, SIG_IGN); /* as any Python does, but from the first request on */
  signal(SIGXFSZ, SIG_IGN);
  resolve_alone();
  set_up_openssl();
  start_core(argc, argv);
  _exit(run()); /* threads may still run: no finalisation */
}
