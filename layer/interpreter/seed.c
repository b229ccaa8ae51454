/* The interpreter as a seed: run once while the layer is built, it initialises CPython, imports the daemon and all that
 * it imports, rehearses, and writes its variables and its pool into a file. layer/build/snapshot/image.py makes the executable
 * of the layer of it and of that file: the same code, in which `resumed` is 1 and everything is as it was here. What is
 * then left of a start is `resume`. docs/how/snapshot.md tells the whole.
 *
 *     seed FILE FIRST LAST NOTES [REHEARSAL [SERVICE]]
 *
 * FIRST and LAST are the ends of its writable memory, in hexadecimal. NOTES is a file (noted.h), or empty. It writes the
 * file `pages`, too: which of its pages the starts touch that it plays. If NOTES is `spread` (pool.h), it writes nothing
 * but the file `blocks`, of which layer/build/snapshot/notes.py makes the notes. */
#include "allocators.h"
#include "guard.h"
#include "hidden.h"
#include "immortal.h"
#include "interpreter.h"
#include "kernel.h"
#include "noting.h"
#include "process.h"
#include "resume.h"

#include <internal/pycore_import.h>

enum { HASH_SEED = 20200101 }; /* strings hash alike in every process, as the snapshot's dictionaries depend on it */
extern char **environ, __executable_start[];
static PyObject *run_daemon; /* extension.__main__.main */

static void check(int done, const char *what) {
  if (done) return;
  if (PyErr_Occurred()) PyErr_Print();
  refuse(what);
}

static PyObject *attribute(const char *module_name, const char *name) {
  PyObject *module = PyImport_ImportModule(module_name), *found = module ? PyObject_GetAttrString(module, name) : NULL;
  check(found != NULL, module_name);
  Py_DECREF(module);
  return found;
}

/* And all that it imports. The code of what is imported is not in the executable, so that nothing can be later. */
static void import_daemon(void) {
  for (const struct _frozen *each = _PyImport_FrozenStdlib; each->name; each++) {
    PyObject *module = PyImport_ImportModule(each->name);
    check(module != NULL, each->name);
    Py_DECREF(module);
  }
  static const struct _frozen none[] = {{0}};
  _PyImport_FrozenBootstrap = _PyImport_FrozenStdlib = none;
}

static void run_script(const char *script) {
  static char code[1 << 16];
  int fd = open(script, O_RDONLY | O_CLOEXEC);
  check(fd >= 0 && read(fd, code, sizeof code - 1) > 0, script);
  close(fd);
  PyObject *names = Py_BuildValue("{sO}", "__builtins__", PyEval_GetBuiltins());
  PyObject *result = PyRun_String(code, Py_file_input, names, names);
  check(result != NULL, script);
  Py_DECREF(result);
  PyDict_Clear(names);
  Py_DECREF(names);
  memset(code, 0, sizeof code);
}

/* Done once here instead of once in each process: what is found out at the first use of something, and a client's
 * settings of TLS. */
static void rehearse(const char *script) {
  rehearsing = 1;
  run_script(script);
  PyObject *prepare = attribute("extension.http.client.tls", "prepare"), *result = PyObject_CallNoArgs(prepare);
  check(result != NULL, "extension.http.client.tls.prepare");
  Py_DECREF(prepare), Py_DECREF(result);
  rehearsing = 0;
}

/* What `resume` brings: the seed's own is no part of the snapshot. */
static void forget_process(void) {
  static const char *const parts[] = {"stdin",  "stdout",     "stderr",           "__stdin__", "__stdout__", "__stderr__",
                                      "argv",   "orig_argv",  "executable",       "prefix",    "base_prefix"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) PySys_SetObject(parts[i], Py_None);
  _PyRuntime.faulthandler.stack.ss_size = 0;
}

static int open_descriptors(void) {
  int count = 0;
  for (int fd = 0; fd < MOST_DESCRIPTORS; fd++) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

static void write_file(const char *path, const void *from, size_t size) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const char *next = from, *end = next + size;
  for (ssize_t done; next < end; next += done)
    if ((done = __real_write(fd, next, (size_t)(end - next))) <= 0) refuse("a file can't be written");
  close(fd);
}

/* The size and alignment of each block of the pool, in the order of birth, what it is, and whether it is gone in the end
 * (0), left alone by the starts that were played (1), read (2) or written (3). */
static void write_blocks(const char *path, const unsigned char *noted) {
  uint32_t(*rows)[4] = beside(births_count * sizeof *rows);
  for (uint32_t i = 0; i < births_count; i++) {
    const struct birth *it = births + i;
    rows[i][0] = it->rounded, rows[i][1] = it->alignment;
    if (!it->at) continue;
    rows[i][2] = kind_of(it);
    size_t page = (size_t)(it->at - area.start) / PAGE, last = (size_t)(it->at - area.start + it->rounded - 1) / PAGE;
    for (rows[i][3] = 1; page <= last; page++)
      if (rows[i][3] < 1u + noted[page]) rows[i][3] = 1u + noted[page];
  }
  write_file(path, rows, births_count * sizeof *rows);
}

/* From here on this process is as a start is before it resumes. */
static void end_seed(void) {
  thread = PyEval_SaveThread();
  note_values_of_keys();
  serve_objects_from_pool(0);
  if (thread->datastack_chunk) /* the part of the stack of frames above its top differs from run to run */
    memset(thread->datastack_top, 0, (size_t)((char *)thread->datastack_limit - (char *)thread->datastack_top));
  forget_free_blocks();
  forget_notes();
  resumed = 1;
}

/* The runs of pages that a start writes, by their ends. layer/build/image.py notes here what was seen in those that the
 * seed has played. */
enum { MOST_RUNS = 64, KEPT = 256 << 10 /* of the heap, even if it is free */ };
struct {
  char *start, *end;
} written_runs[MOST_RUNS];

/* The launcher has had what is needed fetched; by default the kernel would read megabytes around any other page. What
 * is written in any case becomes ours at once, before there are threads, instead of page by page. */
static void read_only_what_is_needed(void) {
  for (size_t i = 0; i < MOST_RUNS && written_runs[i].start; i++)
    madvise(written_runs[i].start, (size_t)(written_runs[i].end - written_runs[i].start), MADV_POPULATE_WRITE);
  madvise(__executable_start, (size_t)(pool_end - __executable_start), MADV_RANDOM);
}

/* The heap's first pages, all of which a start uses, become ours at once, too; and none of them is given back to be asked
 * for again, as otherwise now and then after a handshake. */
static void have_heap_at_hand(void) {
  char *first = malloc(1), *page = (char *)(((uintptr_t)first + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
  madvise(page, (size_t)((char *)sbrk(0) - page), MADV_POPULATE_WRITE);
  free(first);
  mallopt(M_TRIM_THRESHOLD, KEPT);
}

static int start(int argc, char **argv) {
  read_only_what_is_needed();
  have_heap_at_hand();
  prepare_process(argc, argv);
  fill_standard_streams();
  resume(argc, argv, environ);
  return status_of(PyObject_CallNoArgs(run_daemon));
}

#include "played.h"

static void refuse_call(long number) {
  char why[128];
  snprintf(why, sizeof why, "somebody makes the kernel's call %ld, whose result differs between machines", number);
  refuse(why);
}

static _Noreturn void make_snapshot(int argc, char **argv) {
  stop_noting(); /* what glibc does before main is noted */
  if (argc < 5) refuse("this executable is one of the build's, and no layer's");
  char *first = (char *)strtoul(argv[2], NULL, 16), *last = (char *)strtoul(argv[3], NULL, 16);
  const int descriptors = open_descriptors();
  environ = (char *[]){"TZ=UTC0", NULL}; /* else glibc would read this machine's /etc/localtime */
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  int spread = !strcmp(argv[4], "spread");
  set_up_pool(spread ? "" : argv[4], spread);
  const unsigned char *noted_blocks = spread ? note_also(area.start, area.end) : NULL;
  in_main = 1;
  serve_objects_from_pool(1);
  guard(refuse_call);
  set_up_openssl();
  initialise("/opt/warmkey/warmkey", 1, (char *[]){"warmkey", NULL}, HASH_SEED);
  variables = attribute("posix", "environ");
  PyDict_Clear(variables);
  import_daemon();
  run_daemon = attribute("extension.__main__", "main");
  open_file = attribute("io", "open");
  set_handler = attribute("_signal", "signal");
  interrupt_handler = attribute("_signal", "default_int_handler");
  if (argc > 5) rehearse(argv[5]);
  forget_process();
  PyGC_Collect();
  check(open_descriptors() == descriptors, "somebody keeps a descriptor");
  PyType_ClearCache(); /* an entry that a start replaces would have its name read from the disk */
  make_immortal();
  stop_guarding();
  if (argc > 6) play_starts(argv[6]);
  for (int i = 0; i < PORTS; i++) ports[i].real = 0;
  write_file("pages", noted_pages, (size_t)(pool_end - __executable_start) / PAGE);
  if (spread) write_blocks("blocks", noted_blocks), _exit(0);
  if (notes) dprintf(STDOUT_FILENO, "%u of %u blocks are where the notes want them\n", notes_met, births_count);
  end_seed();
  blocks = NULL, births = NULL, births_count = 0, noted_pages = NULL;
  write_file(argv[1], first, (size_t)(last - first));
  _exit(0);
}

int main(int argc, char **argv) {
  if (!resumed) make_snapshot(argc, argv);
  _exit(start(argc, argv)); /* threads may still run: no finalisation */
}
