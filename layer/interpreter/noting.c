/* Which pages of its own a process reads and writes: all are protected, and each fault is noted before it is allowed.
 *
 * Only the seed does so, from its first instruction on: its entry is here. No function of others is called, as their
 * code is protected, and what is here lies in sections of its own, which are not. What is taken for read without
 * having been noted, as the kernel itself looks at it or libraries could not do without: glibc's variables and
 * constants. */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "noting.h"
#include "raw_calls.h"

enum { PAGE = 4096, MOST_SEGMENTS = 8, MOST_OTHERS = 1 << 18 };
DATA unsigned char *noted_pages = NULL;
DATA static unsigned char *allowed = NULL; /* of this process, since it has started noting: as noted, and how often */
DATA static struct {
  uintptr_t start, end;
  size_t first; /* of its pages among the noted ones */
  int protection;
} segments[MOST_SEGMENTS] = {{0}};
DATA static size_t segment_count = 0;

extern char __executable_start[], pool_end[];
extern char libc_constants_start[], libc_constants_end[], libc_apart_start[], libc_apart_end[], noting_text_start[], noting_text_end[], fresh_data_start[],
    fresh_data_end[], noting_data_start[], noting_data_end[], fresh_bss_start[], fresh_bss_end[];

HERE static void protect(uintptr_t start, uintptr_t end, int protection) {
  if (start < end) call(SYS_mprotect, (long)start, (long)(end - start), protection, 0, 0, 0);
}

/* Whether the fault was a write. */
#ifdef __x86_64__
HERE static int wrote(const siginfo_t *info, const ucontext_t *context) {
  (void)info;
  return (context->uc_mcontext.gregs[REG_ERR] & 2) != 0;
}
#else
/* By the instruction, as emulators do not tell: Arm Architecture Reference Manual, C4.1, "Loads and Stores". */
HERE static int wrote(const siginfo_t *info, const ucontext_t *context) {
  uintptr_t at = context->uc_mcontext.pc;
  if ((uintptr_t)info->si_addr == at) return 0; /* the instruction itself */
  uint32_t code = *(const uint32_t *)at, loads = code >> 22 & 1, kind = code >> 22 & 3;
  int vector = code >> 26 & 1;
  if ((code & ~31u) == 0xd50b7420) return 1;                                      /* DC ZVA */
  if ((code & 0x3f000000) == 0x08000000)                                          /* exclusive, ordered; compare and swap */
    return !loads || (code >> 21 & 5) == 5 || (!(code >> 31) && code >> 21 & 1);
  if ((code & 0x3b200c00) == 0x38200000 && !vector) return 1;                     /* atomic */
  if ((code & 0x3a000000) == 0x38000000)                                          /* one register */
    return kind == 0 || (vector && kind == 2 && !(code >> 30));
  return !loads;                                                                  /* pairs and structures */
}
#endif

/* A fault that is met again and again is none of ours. */
enum { AGAIN = 16 };
HERE static void note_fault(int number, siginfo_t *info, void *context) {
  uintptr_t page = (uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1);
  for (size_t i = 0; i < segment_count; i++) {
    if (page < segments[i].start || page >= segments[i].end) continue;
    size_t index = segments[i].first + (page - segments[i].start) / PAGE;
    int writing = wrote(info, context);
    unsigned level = writing ? NOTED_WRITTEN : NOTED_READ, had = allowed[index] & 3, times = allowed[index] >> 2;
    if (times == AGAIN || (writing && !(segments[i].protection & PROT_WRITE))) break;
    if (noted_pages[index] < level) noted_pages[index] = (unsigned char)level;
    if (level < had) level = had; /* another thread was faster */
    allowed[index] = (unsigned char)(level | (times + 1) << 2);
    protect(page, page + PAGE, level == NOTED_WRITTEN ? segments[i].protection : segments[i].protection & ~PROT_WRITE);
    return;
  }
  struct kernel_action usual = {0};
  call(SYS_rt_sigaction, number, (long)&usual, 0, 8, 0, 0);
}

#ifdef __x86_64__
__asm__(".pushsection .noting.text,\"ax\"\n.globl return_from_signal\nreturn_from_signal: mov $15,%eax\nsyscall\n.popsection");
#else
__asm__(".pushsection .noting.text,\"ax\"\n.globl return_from_signal\nreturn_from_signal: mov x8,#139\nsvc #0\n.popsection");
#endif

HERE static void protect_all(int (*protection_of)(int)) {
  for (size_t i = 0; i < segment_count; i++) {
    uintptr_t at = segments[i].start, end = segments[i].end;
    int protection = protection_of(segments[i].protection);
    const uintptr_t holes[][2] = {
        {(uintptr_t)libc_constants_start, (uintptr_t)libc_constants_end},
        {(uintptr_t)libc_apart_start, (uintptr_t)libc_apart_end},
        {(uintptr_t)noting_text_start, (uintptr_t)noting_text_end},
        {(uintptr_t)fresh_data_start, (uintptr_t)fresh_data_end},
        {(uintptr_t)noting_data_start, (uintptr_t)noting_data_end},
        {(uintptr_t)fresh_bss_start, (uintptr_t)fresh_bss_end},
    }; /* in the order of their addresses */
    for (size_t hole = 0; hole < sizeof holes / sizeof *holes; hole++) {
      uintptr_t from = holes[hole][0] & ~(uintptr_t)(PAGE - 1), to = (holes[hole][1] + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
      if (to <= at || from >= end) continue;
      protect(at, from, protection);
      at = to;
    }
    protect(at, end, protection);
  }
}

HERE static int nothing(int protection) { return PROT_NONE; }
HERE static int usual(int protection) { return protection; }

HERE static unsigned char *one_for_each_page(int shared) {
  size_t size = (size_t)(pool_end - __executable_start) / PAGE + MOST_OTHERS;
  return (unsigned char *)call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE, shared | MAP_ANONYMOUS, -1, 0);
}

HERE void start_noting(void) {
  allowed = one_for_each_page(MAP_PRIVATE);
  struct kernel_action action = {note_fault, SA_SIGINFO | SA_NODEFER | RESTORER, return_from_signal, 0};
  call(SYS_rt_sigaction, SIGSEGV, (long)&action, 0, 8, 0, 0);
  protect_all(nothing);
}

HERE const unsigned char *note_also(const char *start, const char *end) {
  size_t first = (size_t)(pool_end - __executable_start) / PAGE;
  segments[segment_count].start = (uintptr_t)start;
  segments[segment_count].end = (uintptr_t)end;
  segments[segment_count].first = first;
  segments[segment_count++].protection = PROT_READ | PROT_WRITE;
  return noted_pages + first;
}

HERE unsigned char *notes_apart(void) { return one_for_each_page(MAP_SHARED); }

HERE void add_notes(const unsigned char *others) {
  size_t count = (size_t)(pool_end - __executable_start) / PAGE + MOST_OTHERS;
  for (size_t i = 0; i < count; i++)
    if (noted_pages[i] < others[i]) noted_pages[i] = others[i];
}

HERE void stop_noting(void) { protect_all(usual); }

/* Before the C library is set up: what `argc` lies at is all there is. */
HERE __attribute__((used)) void note_from_the_beginning(long *stack) {
  char **each = (char **)(stack + 1);
  while (*each) each++; /* arguments */
  for (each++; *each; each++) {} /* environment */
  const ElfW(Phdr) *rows = NULL;
  size_t count = 0;
  for (const ElfW(auxv_t) *entry = (const void *)(each + 1); entry->a_type != AT_NULL; entry++) {
    if (entry->a_type == AT_PHDR) rows = (const void *)entry->a_un.a_val;
    if (entry->a_type == AT_PHNUM) count = entry->a_un.a_val;
  }
  for (size_t i = 0; i < count && segment_count < MOST_SEGMENTS; i++) {
    if (rows[i].p_type != PT_LOAD) continue;
    int flags = (int)rows[i].p_flags;
    segments[segment_count].start = rows[i].p_vaddr & ~(uintptr_t)(PAGE - 1);
    segments[segment_count].first = (segments[segment_count].start - (uintptr_t)__executable_start) / PAGE;
    segments[segment_count].end = (rows[i].p_vaddr + rows[i].p_memsz + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    segments[segment_count++].protection =
        (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
  }
  noted_pages = one_for_each_page(MAP_SHARED);
  start_noting();
}

/* The seed's entry. */
#ifdef __x86_64__
__asm__(".pushsection .noting.text,\"ax\"\n.globl note_and_start\nnote_and_start: mov %rsp,%rdi\nmov %rsp,%rbx\nmov %rdx,%r12\n"
        "and $-16,%rsp\ncall note_from_the_beginning\nmov %rbx,%rsp\nmov %r12,%rdx\njmp _start\n.popsection");
#else
__asm__(".pushsection .noting.text,\"ax\"\n.globl note_and_start\nnote_and_start: mov x19,x0\nmov x0,sp\n"
        "bl note_from_the_beginning\nmov x0,x19\nb _start\n.popsection");
#endif
