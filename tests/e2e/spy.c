/* What code of the same user could try on another process; says what came of each attempt. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void say(const char *attempt, int allowed) {
  printf("%s %s\n", attempt, allowed ? "allowed" : strerror(errno));
}

static int in_proc(const char *pid, const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
  return open(path, O_RDONLY);
}

static void read_file(const char *attempt, const char *pid, const char *name) {
  char byte;
  int fd = in_proc(pid, name);
  say(attempt, fd >= 0 && read(fd, &byte, 1) >= 0);
}

/* The address is one of this process; where it means nothing in the other one, whoever may copy gets EFAULT. */
static void copy_memory(pid_t pid) {
  char byte = 0;
  struct iovec place = {&byte, 1};
  say("process_vm_readv", process_vm_readv(pid, &place, 1, &place, 1, 0) == 1 || errno == EFAULT);
  say("process_vm_writev", process_vm_writev(pid, &place, 1, &place, 1, 0) == 1 || errno == EFAULT);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const char *process = argv[1];
  pid_t pid = atoi(process);
  char thread[64];
  snprintf(thread, sizeof thread, "task/%d/environ", pid);
  read_file("environ", process, "environ");
  read_file("task", process, thread);
  read_file("auxv", process, "auxv");
  read_file("maps", process, "maps");
  say("fd", in_proc(process, "fd") >= 0);
  say("mem", in_proc(process, "mem") >= 0);
  copy_memory(pid);
  int handle = (int)syscall(SYS_pidfd_open, pid, 0);
  say("pidfd_getfd", handle >= 0 && syscall(SYS_pidfd_getfd, handle, 0, 0) >= 0);
  say("ptrace", ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0);
  return 0;
}
