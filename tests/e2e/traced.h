/* A program that is traced from its first instruction on. */
#include <sys/ptrace.h>
#include <unistd.h>

/* Starts a program, which stops before its first instruction; its process. */
static pid_t traced(char **arguments) {
  pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    execv(arguments[0], arguments);
    _exit(99);
  }
  return child;
}
