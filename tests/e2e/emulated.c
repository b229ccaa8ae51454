/* Stands in the place of an interpreter for another processor: the emulator can run one executable, but not what
 * that one becomes by exec. */
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char *command[argc + 4];
  command[0] = "/emulator", command[1] = "-0", command[2] = argv[0], command[3] = "/opt/warmkey/emulated";
  memcpy(command + 4, argv + 1, (size_t)argc * sizeof *argv);
  execv(command[0], command);
  return 126;
}
