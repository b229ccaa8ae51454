#include <Python.h>
#include <internal/pycore_import.h>
#include <internal/pycore_namespace.h>

/* Imports of frozen modules without importlib: no finders, no loaders, one lock for all. These functions take the
 * place of importlib's `_find_and_load` and `_lock_unlock_module`, which the interpreter looks up by name at an
 * import; that is a twelfth of a start. Builtin modules are left to importlib, below the same lock. */
static PyObject *find_usually;

static const struct _frozen *frozen(PyObject *name) {
  const struct _frozen *each = _PyImport_FrozenStdlib;
  while (each->name && !PyUnicode_EqualToUTF8(name, each->name)) each++;
  return each->name ? each : NULL;
}

/* A module's `__spec__`: what its relative imports start from, and whether other threads have to wait for it. */
static PyObject *new_spec(PyObject *name, PyObject *package) {
  PyObject *parts = Py_BuildValue("{sOsOsOsOsO}", "name", name, "parent", package, "origin", Py_None, "loader", Py_None,
                                  "_initializing", Py_True);
  PyObject *spec = parts ? _PyNamespace_New(parts) : NULL;
  Py_XDECREF(parts);
  return spec;
}

static PyObject *run_frozen(PyObject *name, PyObject *package) {
  PyObject *module = PyImport_AddModuleObject(name), *spec = new_spec(name, package);
  int done = module && spec && !PyObject_SetAttrString(module, "__spec__", spec) &&
             PyImport_ImportFrozenModuleObject(name) > 0 && !PyObject_SetAttrString(spec, "_initializing", Py_False);
  Py_XDECREF(spec);
  if (done) return PyImport_GetModule(name);
  PyObject *raised = PyErr_GetRaisedException();
  if (PyDict_PopString(PyImport_GetModuleDict(), PyUnicode_AsUTF8(name), NULL) < 0) PyErr_Clear();
  PyErr_SetRaisedException(raised);
  return NULL;
}

/* A module of a package becomes its attribute. */
static PyObject *run_below(PyObject *parent, PyObject *name, int is_package) {
  PyObject *module = NULL, *above = PyImport_ImportModuleLevelObject(parent, NULL, NULL, NULL, 0), *last = NULL;
  Py_XSETREF(above, above ? PyImport_GetModule(parent) : NULL);
  if (above && !(module = PyImport_GetModule(name)) && (module = run_frozen(name, is_package ? name : parent))) {
    last = PyUnicode_Substring(name, PyUnicode_GET_LENGTH(parent) + 1, PyUnicode_GET_LENGTH(name));
    if (!last || PyObject_SetAttr(above, last, module)) Py_CLEAR(module);
  }
  Py_XDECREF(last);
  Py_XDECREF(above);
  return module;
}

static PyObject *load(PyObject *name, PyObject *import) {
  PyObject *module = PyImport_GetModule(name); /* another thread may have been faster */
  const struct _frozen *code = module || PyErr_Occurred() ? NULL : frozen(name);
  if (module || PyErr_Occurred()) return module;
  if (!code) return PyObject_CallFunctionObjArgs(find_usually, name, import, NULL);
  Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), -1);
  PyObject *parent = PyUnicode_Substring(name, 0, dot < 0 ? 0 : dot);
  if (parent) module = dot < 0 ? run_frozen(name, code->is_package ? name : parent) : run_below(parent, name, code->is_package);
  Py_XDECREF(parent);
  return module;
}

static PyObject *find_and_load(PyObject *Py_UNUSED(self), PyObject *const *given, Py_ssize_t Py_UNUSED(count)) {
  PyInterpreterState *interpreter = PyInterpreterState_Get();
  _PyImport_AcquireLock(interpreter);
  PyObject *module = load(given[0], given[1]);
  _PyImport_ReleaseLock(interpreter);
  return module;
}

static PyObject *wait_for_import(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(name)) {
  PyInterpreterState *interpreter = PyInterpreterState_Get();
  _PyImport_AcquireLock(interpreter);
  _PyImport_ReleaseLock(interpreter);
  Py_RETURN_NONE;
}

static void import_without_importlib(void) {
  static PyMethodDef functions[] = {
      {"_find_and_load", _PyCFunction_CAST(find_and_load), METH_FASTCALL, NULL},
      {"_lock_unlock_module", wait_for_import, METH_O, NULL},
      {NULL},
  };
  PyObject *importlib = PyImport_AddModule("_frozen_importlib");
  find_usually = PyObject_GetAttrString(importlib, "_find_and_load");
  if (!find_usually || PyModule_AddFunctions(importlib, functions)) PyErr_Print();
}
