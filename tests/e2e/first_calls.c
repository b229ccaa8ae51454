/* Runs a program and prints the numbers of its calls of the kernel, one a line, until it makes itself undumpable. Then
 * that is printed, and the program killed. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "traced.h"

/* <linux/ptrace.h>, which musl does not bring: as much of struct ptrace_syscall_info as is of use here */
struct call {
  uint8_t kind, padding[3];
  uint32_t architecture;
  uint64_t instruction, stack, number, arguments[6];
};
enum { GET_CALL = 0x420e, ENTRY = 1 };

int main(int argc, char **argv) {
  int status;
  pid_t child = traced(argv + 1);
  while (argc > 1 && waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    struct call call = {0};
    ptrace(PTRACE_SETOPTIONS, child, 0, (void *)PTRACE_O_TRACESYSGOOD); /* else calls are not told from other stops */
    ptrace(GET_CALL, child, (void *)sizeof call, &call);
    if (call.kind == ENTRY) printf("%d\n", (int)call.number);
    if (call.kind == ENTRY && call.number == SYS_prctl && call.arguments[0] == PR_SET_DUMPABLE && !call.arguments[1]) {
      puts("undumpable");
      kill(child, SIGKILL);
      return 0;
    }
    ptrace(PTRACE_SYSCALL, child, 0, 0);
  }
  return 98;
}
