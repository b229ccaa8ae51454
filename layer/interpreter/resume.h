/* What a start brings to the snapshot: all that belongs to the process. CPython sets it up when it is initialised;
 * here it is set again. */
#pragma once
#include "interpreter.h"
#include "hidden.h"

#include <internal/pycore_pystate.h>
#include <internal/pycore_runtime.h>
#include <signal.h>
#include <sys/auxv.h>

static PyThreadState *thread; /* the main one */
static PyObject *variables;   /* posix.environ */
static PyObject *open_file;   /* io.open */
static PyObject *set_handler, *interrupt_handler; /* signal.signal, signal.default_int_handler */

static void set_in_sys(const char *name, PyObject *value) {
  if (!value || PySys_SetObject(name, value)) PyErr_Print();
  Py_XDECREF(value);
}

static void bring_thread(void) {
  create_keys_again();
  thread->thread_id = _PyRuntime.main_thread = PyThread_get_thread_ident_ex();
  thread->native_thread_id = PyThread_get_thread_native_id();
  PyEval_RestoreThread(thread);
}

static PyObject *list_of(int argc, char **argv) {
  PyObject *list = PyList_New(argc);
  for (int i = 0; list && i < argc; i++) PyList_SET_ITEM(list, i, PyUnicode_DecodeFSDefault(argv[i]));
  return list;
}

static void bring_arguments(int argc, char **argv) {
  static const char *const places[] = {"executable",  "_base_executable", "prefix",
                                       "base_prefix", "exec_prefix",      "base_exec_prefix"};
  const char *path = noting ? "/opt/warmkey/warmkey" : (const char *)getauxval(AT_EXECFN); /* on Lambda the same */
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) set_in_sys(places[i], PyUnicode_DecodeFSDefault(path ? path : ""));
  set_in_sys("argv", list_of(argc, argv));
  set_in_sys("orig_argv", list_of(argc, argv));
}

/* `os.environ` has the same dictionary. */
static void bring_environment(char **environment) {
  for (char **each = environment; *each; each++) {
    char *equals = strchr(*each, '=');
    if (!equals) continue;
    PyObject *name = PyBytes_FromStringAndSize(*each, equals - *each), *value = PyBytes_FromString(equals + 1);
    if (!name || !value || !PyDict_SetDefault(variables, name, value)) PyErr_Print(); /* the first of two counts */
    Py_XDECREF(name), Py_XDECREF(value);
  }
}

static void bring_stream(int fd, const char *name, const char *own_name, const char *shown, const char *mode, int buffering) {
  PyObject *stream = PyObject_CallFunction(open_file, "isissOi", fd, mode, buffering, "utf-8", "backslashreplace", Py_None, 0);
  PyObject *buffer = stream ? PyObject_GetAttrString(stream, "buffer") : NULL;
  PyObject *raw = buffer ? PyObject_GetAttrString(buffer, "raw") : NULL, *text = PyUnicode_FromString(shown);
  if (!raw || !text || PyObject_SetAttrString(raw, "name", text)) PyErr_Print();
  Py_XDECREF(buffer), Py_XDECREF(raw), Py_XDECREF(text);
  set_in_sys(own_name, Py_XNewRef(stream));
  set_in_sys(name, stream);
}

/* Signals that are ignored already stay so: what starts us may have wished it. */
static void bring_signals(void) {
  struct _signals_runtime_state *state = &_PyRuntime.signals;
  for (int number = 1; number < Py_NSIG; number++) {
    struct sigaction now;
    if (sigaction(number, NULL, &now)) continue;
    if (now.sa_handler == SIG_IGN) state->handlers[number].func = state->ignore_handler;
    else if (number == SIGINT) Py_XDECREF(PyObject_CallFunction(set_handler, "iO", number, interrupt_handler));
  }
}

/* How large a signal's stack must be depends on the processor's registers. */
static void bring_fault_handler(void) {
  _PyRuntime.faulthandler.stack.ss_size = (size_t)SIGSTKSZ + getauxval(AT_MINSIGSTKSZ);
}

/* For modules a start is what a fork is for the child: another process, with another main thread. */
static void tell_modules(void) {
  PyObject *told = PyInterpreterState_Get()->after_forkers_child;
  for (Py_ssize_t i = 0; told && i < PyList_GET_SIZE(told); i++) {
    PyObject *result = PyObject_CallNoArgs(PyList_GET_ITEM(told, i));
    if (!result) PyErr_Print();
    Py_XDECREF(result);
  }
}

static void resume(int argc, char **argv, char **environment) {
  bring_thread();
  bring_arguments(argc, argv);
  bring_environment(environment);
  bring_stream(STDIN_FILENO, "stdin", "__stdin__", "<stdin>", "r", -1);
  bring_stream(STDOUT_FILENO, "stdout", "__stdout__", "<stdout>", "w", -1);
  bring_stream(STDERR_FILENO, "stderr", "__stderr__", "<stderr>", "w", 1);
  bring_signals();
  bring_fault_handler();
  tell_modules();
  if (PyErr_Occurred()) PyErr_Print();
}
