/* Runs a program on a kernel as old as Linux 5.10: what is newer is refused as such a kernel does, and so is to change
 * the personality. Exits with 99 where there are no such filters. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_NEWER = 441, POPULATE_READ = 22, POPULATE_WRITE = 23 }; /* epoll_pwait2 came with Linux 5.11 */

/* <linux/filter.h> and <linux/seccomp.h>, which musl does not bring */
struct call {
  int number;
  uint32_t architecture;
  uint64_t at, arguments[6];
};
struct instruction {
  uint16_t code;
  uint8_t then, otherwise;
  uint32_t value;
};
enum { LOAD_WORD = 0x20, IF_EQUAL = 0x15, IF_NOT_LESS = 0x35, RETURN = 0x06, FILTER = 2 };
enum { ALLOW = 0x7fff0000, FAIL = 0x00050000 };

int main(int argc, char **argv) {
  struct instruction filter[] = {
      {LOAD_WORD, 0, 0, offsetof(struct call, number)},
      {IF_NOT_LESS, 6, 0, FIRST_NEWER},
      {IF_EQUAL, 6, 0, SYS_personality},
      {IF_EQUAL, 0, 3, SYS_madvise},
      {LOAD_WORD, 0, 0, offsetof(struct call, arguments[2])},
      {IF_EQUAL, 4, 0, POPULATE_READ},
      {IF_EQUAL, 3, 0, POPULATE_WRITE},
      {RETURN, 0, 0, ALLOW},
      {RETURN, 0, 0, FAIL | ENOSYS},
      {RETURN, 0, 0, FAIL | EPERM},
      {RETURN, 0, 0, FAIL | EINVAL},
  };
  struct {
    unsigned short length;
    struct instruction *filter;
  } program = {sizeof filter / sizeof *filter, filter};
  if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, FILTER, &program)) return 99;
  execv(argv[1], argv + 1);
  return 98;
}
