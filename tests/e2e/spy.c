/* What code of the same user could try on another process; says what came of each attempt. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

static void say(const char *attempt, int allowed) {
  printf("%s %s\n", attempt, allowed ? "allowed" : strerror(errno));
}

static void read_file(const char *pid, const char *name) {
  char path[64], byte;
  snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
  int fd = open(path, O_RDONLY);
  say(name, fd >= 0 && read(fd, &byte, 1) >= 0);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  read_file(argv[1], "environ");
  read_file(argv[1], "maps");
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/fd", argv[1]);
  say("fd", opendir(path) != NULL);
  snprintf(path, sizeof path, "/proc/%s/mem", argv[1]);
  say("mem", open(path, O_RDONLY) >= 0);
  say("ptrace", ptrace(PTRACE_SEIZE, atoi(argv[1]), NULL, NULL) == 0);
  return 0;
}
