/* Whether a debugger is attached, which would see every secret. It must be asked once the process is undumpable: from
 * then on the kernel lets none of the same user attach, and one that was quicker is in the process's status. */
#pragma once
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int is_traced(void) {
  static const char name[] = "\nTracerPid:\t";
  char status[512];
  int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? 0 : read(fd, status, sizeof status - 1);
  if (fd >= 0) close(fd);
  if (size <= 0) return 0; /* no /proc: nobody can know */
  status[size] = 0;
  const char *tracer = strstr(status, name);
  return tracer && tracer[sizeof name - 1] != '0';
}

static int refuse_to_be_traced(void) {
  static const char why[] = "warmkey: a debugger is attached, which would see every secret; start it without one\n";
  return write(2, why, sizeof why - 1) < 0 ? 126 : 127;
}
