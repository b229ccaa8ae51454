/* Who asks for memory gets it from the pool, as long as there is no snapshot yet. The linker's --wrap redirects the
 * callers of malloc and its like, glibc's own included; CPython is told. */
#pragma once
#include <Python.h>

#include "pool.h"

void *__real_malloc(size_t), *__real_calloc(size_t, size_t), *__real_realloc(void *, size_t);
void *__real_memalign(size_t, size_t), *__real_aligned_alloc(size_t, size_t);
void __real_free(void *);
int __real_posix_memalign(void **, size_t, size_t);
size_t __real_malloc_usable_size(void *);

void *__wrap_malloc(size_t size) { return FOR_SNAPSHOT ? take(size, UNIT) : __real_malloc(size); }

void *__wrap_calloc(size_t count, size_t size) {
  size_t whole;
  if (!FOR_SNAPSHOT) return __real_calloc(count, size);
  return __builtin_mul_overflow(count, size, &whole) ? NULL : take(whole, UNIT);
}

void __wrap_free(void *block) {
  if (!pooled(block)) __real_free(block);
  else if (!resumed) give(block);
}

/* In a start nobody knows any more how large a block of the pool is: so it moves, with what is behind it. */
void *__wrap_realloc(void *block, size_t size) {
  if (block && !pooled(block)) return __real_realloc(block, size);
  size_t held = !block ? 0 : resumed ? (size_t)(area.end - (char *)block) : block_of(block)->size;
  if (block && !resumed && round_up(size ? size : 1, UNIT) == round_up(held ? held : 1, UNIT)) {
    if (size < held) memset((char *)block + size, 0, held - size);
    block_of(block)->size = (uint32_t)size;
    return block;
  }
  void *other = __wrap_malloc(size);
  if (block && other) memcpy(other, block, held < size ? held : size);
  if (block && other) __wrap_free(block);
  return other;
}

/* OpenSSL's hash tables want whole cache lines. */
void *__wrap_memalign(size_t alignment, size_t size) {
  return FOR_SNAPSHOT ? take(size, alignment) : __real_memalign(alignment, size);
}
void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  return FOR_SNAPSHOT ? take(size, alignment) : __real_aligned_alloc(alignment, size);
}
int __wrap_posix_memalign(void **to, size_t alignment, size_t size) {
  if (!FOR_SNAPSHOT) return __real_posix_memalign(to, alignment, size);
  return *to = take(size, alignment), 0;
}
size_t __wrap_malloc_usable_size(void *block) {
  if (!pooled(block)) return __real_malloc_usable_size(block);
  return resumed ? 0 : block_of(block)->size;
}

/* CPython's stack of frames. */
static void *take_arena(void *Py_UNUSED(context), size_t size) {
  if (!resumed) return take(size, PAGE);
  void *arena = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return arena == MAP_FAILED ? NULL : arena;
}
static void give_arena(void *Py_UNUSED(context), void *arena, size_t size) {
  if (!pooled(arena)) munmap(arena, size);
  else if (!resumed) give(arena);
}

/* CPython's own allocator has no part in the snapshot; a start begins with an empty one. */
static void *take_object(void *Py_UNUSED(context), size_t size) { return take(size, UNIT); }
static void *take_objects(void *Py_UNUSED(context), size_t count, size_t size) { return __wrap_calloc(count, size); }
static void *move_object(void *Py_UNUSED(context), void *block, size_t size) { return __wrap_realloc(block, size ? size : 1); }
static void give_object(void *Py_UNUSED(context), void *block) { if (block) __wrap_free(block); }

static void serve_objects_from_pool(int on) {
  static const PyMemAllocatorDomain domains[] = {PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};
  static PyMemAllocatorEx usual[2];
  if (on) PyObject_SetArenaAllocator(&(PyObjectArenaAllocator){NULL, take_arena, give_arena});
  for (int i = 0; i < 2; i++)
    if (on) {
      PyMem_GetAllocator(domains[i], &usual[i]);
      PyMem_SetAllocator(domains[i], &(PyMemAllocatorEx){NULL, take_object, take_objects, move_object, give_object});
    } else PyMem_SetAllocator(domains[i], &usual[i]);
}
