/* The memory that a snapshot holds beside variables.
 *
 * Until the snapshot is taken, every block that C code or CPython asks for comes out of one array at a fixed address,
 * the pool. In a start glibc and CPython serve whatever is new, and blocks of the pool are never given back.
 *
 * A block lies in the region that suits it: what a start writes, what it only reads, what it leaves alone, and last
 * what is gone again when the snapshot is taken. Which one that is, an earlier seed has noted (see noting.h). */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* In a start 1; in the seed, which becomes the snapshot, 0. */
static int resumed;
/* Before main glibc sets itself up; what it holds then is not for the snapshot, and differs with the machine. */
static int in_main;
#define FOR_SNAPSHOT (!resumed && in_main)

enum { UNIT = 16, PAGE = 4096, MOST_BLOCKS = 1 << 20 };
extern char pool[], pool_end[]; /* sections.ld lays it out */

enum region { WRITTEN, READ, LEFT_ALONE, GONE, REGIONS };
static struct {
  char *next, *end;
} regions[REGIONS];

/* Beside the pool, and no part of the snapshot: each block by its address, and all blocks in the order of their birth. */
struct block {
  uint32_t rounded, size, number;
};
static struct block *blocks; /* one for each unit of the pool */
struct birth {
  uint32_t at, size; /* in the pool, in bytes; size 0 when it is gone again */
};
static struct birth *births;
static uint32_t births_count;
static void *free_blocks[64];

static _Noreturn void refuse(const char *why) {
  static const char prefix[] = "snapshot: ";
  if (write(2, prefix, sizeof prefix - 1) < 0 || write(2, why, strlen(why)) < 0 || write(2, "\n", 1) < 0) {}
  abort();
}

static inline int pooled(const void *block) { return (const char *)block >= pool && (const char *)block < pool_end; }
static inline struct block *block_of(const void *block) { return blocks + ((const char *)block - pool) / UNIT; }
static inline size_t round_up(size_t size, size_t to) { return (size + to - 1) & ~(to - 1); }

static void *beside(size_t size) {
  void *got = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == MAP_FAILED) refuse("there is no memory");
  return got;
}

/* Free blocks are kept by class: multiples of 16 up to 512, above that powers of two. */
static size_t class_of(size_t rounded) {
  if (rounded <= 512) return rounded / UNIT;
  size_t class = 33;
  while ((size_t)512 << (class - 32) < rounded) class++;
  return class;
}
static size_t rounded_to_class(size_t rounded) {
  return rounded <= 512 ? rounded : (size_t)512 << (class_of(rounded) - 32);
}

static char *take_from(enum region region, size_t rounded, size_t alignment) {
  char *start = (char *)round_up((size_t)regions[region].next, alignment);
  if (start + rounded > regions[region].end) return NULL;
  regions[region].next = start + rounded;
  return start;
}

static char *take_freed(size_t rounded) {
  void **first = free_blocks + class_of(rounded);
  char *block = *first;
  if (block) memcpy(first, block, sizeof block);
  if (block) memset(block, 0, sizeof block); /* the rest was cleared when it was given back */
  return block;
}

#include "noted.h"

/* A block of zeros. */
static void *take(size_t size, size_t alignment) {
  size_t rounded = round_up(size ? size : 1, UNIT);
  enum region region = noted_region(rounded);
  char *block = region == GONE ? NULL : take_from(region, rounded, alignment);
  if (!block) {
    rounded = rounded_to_class(rounded);
    block = alignment <= UNIT ? take_freed(rounded) : NULL;
    if (!block) block = take_from(GONE, rounded, alignment);
    if (!block) refuse("the pool is too small, see sections.ld");
  }
  if (births_count == MOST_BLOCKS) refuse("MOST_BLOCKS is too small");
  *block_of(block) = (struct block){(uint32_t)rounded, (uint32_t)size, births_count};
  births[births_count++] = (struct birth){(uint32_t)(block - pool), (uint32_t)round_up(size ? size : 1, UNIT)};
  return block;
}

/* Cleared: what was in it differs from run to run, and does not belong into an executable that is published. */
static void give(void *block) {
  struct block *it = block_of(block);
  memset(block, 0, it->rounded);
  births[it->number].size = 0;
  if ((char *)block < regions[LEFT_ALONE].end) return; /* it was not expected to be freed */
  memcpy(block, &free_blocks[class_of(it->rounded)], sizeof block);
  free_blocks[class_of(it->rounded)] = block;
}

static void set_up_pool(const char *notes) {
  blocks = beside((size_t)(pool_end - pool) / UNIT * sizeof *blocks);
  births = beside(MOST_BLOCKS * sizeof *births);
  lay_out_regions(notes);
}

/* Pages of zeros are not in the executable, so nothing is left where nothing is any more. */
static void forget_free_blocks(void) {
  for (size_t class = 0; class < sizeof free_blocks / sizeof *free_blocks; class++)
    while (free_blocks[class]) take_freed(class <= 32 ? class * UNIT : (size_t)512 << (class - 32));
}
