/* Runs a program as a debugger does: attached from its first instruction on. Exits as the program does. */
#include <signal.h>
#include <sys/wait.h>

#include "traced.h"

int main(int argc, char **argv) {
  int status;
  pid_t child = traced(argv + 1);
  while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    int received = WSTOPSIG(status);
    ptrace(PTRACE_CONT, child, 0, (void *)(long)(received == SIGTRAP ? 0 : received));
  }
  return argc > 1 && WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}
