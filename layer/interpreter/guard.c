/* Nothing of a machine gets into a snapshot unless the kernel tells it. So while the daemon is imported and rehearses,
 * all calls of the kernel come here first: what is listed is passed on, no file is there but those below the working
 * directory, and everything else ends the build, whoever asks. hidden.h says the same of some functions, with better
 * words, and of the clock, which the kernel tells without being called.
 *
 * It takes Linux 5.11 on x86-64. Elsewhere, and under an emulator, nobody is guarded, so it changes nothing that is in
 * the snapshot. https://docs.kernel.org/admin-guide/syscall-user-dispatch.html */
#define _GNU_SOURCE
#include "guard.h"

#include <errno.h>
#include <sys/prctl.h>
#include <ucontext.h>

#include "raw_calls.h"

#ifdef __x86_64__
extern char noting_text_start[], noting_text_end[];
DATA static void (*refused)(long) = NULL;

HERE static int is_below_here(const char *path) {
  if (*path == '/') return 0;
  for (; *path; path++)
    if (path[0] == '.' && path[1] == '.') return 0;
  return 1;
}

HERE static long dispatch(int how, const char *start, const char *end) {
  return call(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, how, (long)start, end - start, 0, 0);
}

/* The result of a call that is allowed. */
HERE static long answer(long number, const long a[6]) {
  switch (number) {
  case SYS_rt_sigaction:
    if (a[0] != SIGSYS) break;
    if (a[2]) *(struct kernel_action *)a[2] = (struct kernel_action){0}; /* as if nobody handled it */
    return 0;
  case SYS_openat:
  case SYS_newfstatat:
  case SYS_readlinkat:
    if (!is_below_here((const char *)a[1])) return -ENOENT;
    break;
  case SYS_open:
  case SYS_stat:
  case SYS_lstat:
  case SYS_access:
  case SYS_readlink:
    if (!is_below_here((const char *)a[0])) return -ENOENT;
    break;
  case SYS_read:
  case SYS_write:
  case SYS_close:
  case SYS_lseek:
  case SYS_fstat:
  case SYS_fcntl:
  case SYS_ioctl: /* whether a file is a terminal */
  case SYS_epoll_create1: /* descriptors that are kept are found otherwise */
  case SYS_mmap:
  case SYS_munmap:
  case SYS_mremap:
  case SYS_mprotect:
  case SYS_madvise:
  case SYS_brk:
  case SYS_futex:
  case SYS_rt_sigprocmask:
  case SYS_clock_gettime: /* hidden.h */
  case SYS_gettimeofday:
  case SYS_time:
  case SYS_exit_group:
    break;
  default:
    dispatch(PR_SYS_DISPATCH_OFF, NULL, NULL); /* whoever refuses it may call what they need for that */
    refused(number);
  }
  return call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

HERE static void asked(int number, siginfo_t *info, void *context) {
  (void)number;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const long arguments[] = {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                            registers[REG_R10], registers[REG_R8],  registers[REG_R9]};
  registers[REG_RAX] = answer(info->si_syscall, arguments);
}

HERE void stop_guarding(void) {
  struct kernel_action usual = {0};
  dispatch(PR_SYS_DISPATCH_OFF, NULL, NULL);
  call(SYS_rt_sigaction, SIGSYS, (long)&usual, 0, 8, 0, 0);
  refused = NULL;
}

HERE void guard(void (*refuse)(long)) {
  struct kernel_action action = {asked, SA_SIGINFO | SA_NODEFER | RESTORER, return_from_signal, 0};
  refused = refuse;
  call(SYS_rt_sigaction, SIGSYS, (long)&action, 0, 8, 0, 0);
  if (dispatch(PR_SYS_DISPATCH_ON, noting_text_start, noting_text_end)) stop_guarding(); /* it can't be done here */
}
#else
void guard(void (*refuse)(long)) { (void)refuse; }
void stop_guarding(void) {}
#endif
