/* Where in the pool each block belongs, by the notes of a seed that was spread out: in the order of birth its size, and
 * its place from the beginning of the pool, or GONE.
 *
 * The two seeds' addresses differ, and some are hashed, so that now and then a block is born in the one and not in the
 * other. Who is out of step looks for the nearest place where the last few sizes are the same. A mistake costs time alone. */
#pragma once
#include <fcntl.h>
#include <sys/stat.h>

enum { STEPS = 16, FARTHEST = 4096 };
static const uint32_t GONE = UINT32_MAX;
static struct notes {
  uint32_t count, end; /* the latter from the beginning of the pool */
  struct {
    uint32_t rounded, at;
  } block[];
} *notes;
static uint32_t notes_met;
static int64_t ahead; /* how many of the noted blocks were not born here, or fewer than 0 */
static char *noted_end = NULL;

static int is_noted(int64_t note, int64_t birth) {
  return note >= 0 && note < notes->count && birth >= 0 && notes->block[note].rounded == births[birth].rounded;
}
static int in_step(int64_t note) {
  int64_t back = 0;
  while (back < STEPS && is_noted(note - back, births_count - back)) back++;
  return back == STEPS;
}

/* For the block that is being born. */
static char *noted_place(void) {
  if (!notes) return NULL;
  int64_t note = births_count + ahead, distance = 0;
  if (!is_noted(note, births_count)) {
    while (distance < FARTHEST && !in_step(note + distance)) distance = distance > 0 ? -distance : 1 - distance;
    if (distance == FARTHEST) return NULL;
    ahead += distance, note += distance;
  }
  uint32_t at = notes->block[note].at;
  notes->block[note].at = GONE;
  notes_met++;
  return at == GONE || at % births[births_count].alignment ? NULL : pool + at;
}

static void read_notes(const char *path) {
  struct stat file;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &file)) refuse("the notes can't be read");
  notes = mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  if (notes == MAP_FAILED) refuse("the notes can't be read");
  close(fd);
  area.next = noted_end = pool + notes->end;
}

static void forget_notes(void) { notes = NULL, notes_met = 0, ahead = 0; }

/* What an object is, so that like lies beside like and is compressed well; 0 for everything else. */
static uint32_t kind_of(const struct birth *block) {
  const PyTypeObject *const kinds[] = {&PyUnicode_Type, &PyCode_Type,        &PyBytes_Type,       &PyFunction_Type,  &PyType_Type,
                                       &PyDict_Type,    &PyTuple_Type,       &PyWrapperDescr_Type, &PyMethodDescr_Type,
                                       &PyCFunction_Type, &PyMemberDescr_Type, &PyGetSetDescr_Type, &PyLong_Type};
  static const size_t places[] = {offsetof(PyObject, ob_type), 16 + offsetof(PyObject, ob_type), 32 + offsetof(PyObject, ob_type)};
  for (size_t place = 0; place < sizeof places / sizeof *places; place++)
    for (uint32_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
      if (places[place] + sizeof(void *) <= block->rounded && !memcmp(block->at + places[place], &kinds[kind], sizeof(void *)))
        return kind + 1;
  return 0;
}
