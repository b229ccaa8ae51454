/* What a start does to its process before there is an interpreter. */
#pragma once
#include <fcntl.h>
#include <malloc.h>
#include <nss.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "resolver.h"
#include "traced.h"

/* The function's code runs as the same user: it must not read this memory. exec undoes it, hence here.
 * A command started by `warmkey exec` inherits the limit, but not the flag; so the limit is not for `exec`. */
static void keep_memory_private(int argc, char **argv) {
  prctl(PR_SET_DUMPABLE, 0);
  if (is_traced()) _exit(refuse_to_be_traced());
  if (argc < 2 || strcmp(argv[1], "exec")) setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

/* A standard stream that is closed leaves its number to the next socket, and log lines would be written into that.
 * What takes its place refuses to be read and written, needs no /dev, and is gone again in a program that we become. */
static void fill_standard_streams(void) {
  int fd = -1;
  do fd = open("/", O_PATH | O_CLOEXEC);
  while (0 <= fd && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

static void prepare_process(int argc, char **argv) {
  keep_memory_private(argc, argv);
  mallopt(M_ARENA_MAX, 1); /* threads take turns in Python, and a heap for each costs a start more than sharing one */
  signal(SIGPIPE, SIG_IGN); /* as any Python does, but from the first request on */
  signal(SIGXFSZ, SIG_IGN);
  resolve_alone();
}
