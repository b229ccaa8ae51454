/* Which region of the pool a block belongs to, by the notes of an earlier seed: one byte's region and the size of each
 * block, in the order of birth. Addresses differ between the two and some are hashed, so the order is not quite the
 * same; so the n-th block of a size is taken for the n-th noted block of that size. A mistake costs time alone. */
#pragma once
#include <fcntl.h>
#include <sys/stat.h>

enum { SIZES = 4096 }; /* in units; larger ones are counted together */
struct note {
  uint32_t size;
  uint32_t region;
};
static uint32_t *noted_of_size[SIZES + 1], noted_count[SIZES + 1], met_of_size[SIZES + 1];

static size_t size_index(size_t rounded) { return rounded / UNIT < SIZES ? rounded / UNIT : SIZES; }

static enum region noted_region(size_t rounded) {
  size_t index = size_index(rounded);
  if (met_of_size[index] >= noted_count[index]) return GONE;
  return (enum region)noted_of_size[index][met_of_size[index]++];
}

/* Each region is as large as the blocks noted for it. */
static void lay_out_regions(const char *path) {
  size_t sizes[REGIONS] = {0};
  struct stat file;
  int fd = *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (*path && (fd < 0 || fstat(fd, &file))) refuse("the notes can't be read");
  if (*path && file.st_size) {
    size_t count = (size_t)file.st_size / sizeof(struct note);
    const struct note *notes = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (notes == MAP_FAILED) refuse("the notes can't be read");
    for (size_t i = 0; i < count; i++) noted_count[size_index(notes[i].size)]++;
    for (size_t i = 0; i <= SIZES; i++)
      if (noted_count[i]) noted_of_size[i] = beside(noted_count[i] * sizeof **noted_of_size);
    memset(noted_count, 0, sizeof noted_count);
    for (size_t i = 0; i < count; i++) {
      size_t index = size_index(notes[i].size);
      noted_of_size[index][noted_count[index]++] = notes[i].region;
      sizes[notes[i].region] += notes[i].size + (notes[i].size >= PAGE ? 64 : 0); /* room for alignment */
    }
  }
  if (fd >= 0) close(fd);
  char *at = pool;
  for (int i = 0; i < GONE; i++) {
    regions[i].next = at;
    at = regions[i].end = (char *)round_up((size_t)at + sizes[i], PAGE);
  }
  regions[GONE].next = at, regions[GONE].end = pool_end;
}

static void forget_notes(void) {
  memset(noted_of_size, 0, sizeof noted_of_size);
  memset(noted_count, 0, sizeof noted_count);
  memset(met_of_size, 0, sizeof met_of_size);
}
