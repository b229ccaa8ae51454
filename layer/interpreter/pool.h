/* The memory that a snapshot holds beside variables.
 *
 * Until the snapshot is taken, every block that C code or CPython asks for comes out of one array at a fixed address,
 * the pool. In a start glibc and CPython serve whatever is new, and blocks of the pool are never given back.
 *
 * Blocks lie in the order in which layer/build/snapshot/notes.py wants them (noted.h). For that the seed runs twice: the first
 * time it is spread out, each block on pages of its own, so that it shows which ones a start reads and writes. */
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
/* Where the pool is when it is spread out: always there, as addresses are hashed. */
static char *const spread_pool = (char *)(1ul << 36), *const spread_pool_end = (char *)((1ul << 36) + (1ul << 30));

static struct {
  char *start, *end, *next; /* what follows `next` is free */
  size_t unit;              /* each holds the beginning of one block at most */
} area = {pool, pool_end, pool, UNIT};

/* Beside the pool, and no part of the snapshot: each block by its address, and all in the order of their birth. */
struct block {
  uint32_t rounded, size, number;
};
static struct block *blocks;
struct birth {
  char *at; /* NULL when it is gone again */
  uint32_t rounded, alignment;
};
static struct birth *births;
static uint32_t births_count;
static void *free_blocks[64];

static _Noreturn void refuse(const char *why) {
  static const char prefix[] = "snapshot: ";
  if (write(2, prefix, sizeof prefix - 1) < 0 || write(2, why, strlen(why)) < 0 || write(2, "\n", 1) < 0) {}
  abort();
}

static inline int pooled(const void *block) { return (const char *)block >= area.start && (const char *)block < area.end; }
static inline struct block *block_of(const void *block) {
  return blocks + (size_t)((const char *)block - area.start) / area.unit;
}
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

static char *take_new(size_t rounded, size_t alignment) {
  char *start = (char *)round_up((size_t)area.next, alignment > area.unit ? alignment : area.unit);
  area.next = start + rounded;
  if (area.next > area.end) refuse("the pool is too small, see sections.ld");
  /* Spread out, blocks lie at all places of a page: were they only at its beginning, their hashes would be alike. */
  if (area.unit == PAGE && alignment <= UNIT && rounded < PAGE) start += births_count * 7 * UNIT % (PAGE - rounded) & -UNIT;
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
  if (births_count == MOST_BLOCKS) refuse("MOST_BLOCKS is too small");
  births[births_count] = (struct birth){NULL, (uint32_t)rounded, (uint32_t)alignment};
  char *block = noted_place();
  if (!block) {
    rounded = rounded_to_class(rounded);
    block = alignment <= UNIT ? take_freed(rounded) : NULL;
    if (!block) block = take_new(rounded, alignment);
  }
  *block_of(block) = (struct block){(uint32_t)rounded, (uint32_t)size, births_count};
  births[births_count++].at = block;
  return block;
}

/* Cleared: what was in it differs from run to run, and does not belong into an executable that is published. */
static void give(void *block) {
  struct block *it = block_of(block);
  memset(block, 0, it->rounded);
  births[it->number].at = NULL;
  if ((char *)block < noted_end) return; /* it was not expected to be freed */
  memcpy(block, &free_blocks[class_of(it->rounded)], sizeof block);
  free_blocks[class_of(it->rounded)] = block;
}

static void set_up_pool(const char *notes, int spread) {
  if (spread) {
    size_t size = (size_t)(spread_pool_end - spread_pool);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    area.start = area.next = mmap(spread_pool, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (area.start != spread_pool) refuse("the addresses of the pool that is spread out are taken");
    area.end = spread_pool_end, area.unit = PAGE;
  } else if (*notes) {
    read_notes(notes);
  }
  blocks = beside((size_t)(area.end - area.start) / area.unit * sizeof *blocks);
  births = beside(MOST_BLOCKS * sizeof *births);
}

/* Pages of zeros are not in the executable, so nothing is left where nothing is any more. */
static void forget_free_blocks(void) {
  for (size_t class = 0; class < sizeof free_blocks / sizeof *free_blocks; class++)
    while (free_blocks[class]) take_freed(class <= 32 ? class * UNIT : (size_t)512 << (class - 32));
}
