/* Stands where the launcher expects the interpreter: writes down what it inherits, a line for each thing, and
 * stays until its standard input ends. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

extern char **environ;

static void describe(int fd) {
  int listens = 0;
  socklen_t size = sizeof listens;
  if (fcntl(fd, F_GETFD) == -1) return;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size)) {
    printf("descriptor %d file\n", fd);
    return;
  }
  struct sockaddr_in address = {0};
  size = sizeof address;
  if (listens) getsockname(fd, (struct sockaddr *)&address, &size);
  else getpeername(fd, (struct sockaddr *)&address, &size);
  printf("descriptor %d %s %s:%d\n", fd, listens ? "listens" : "connected", inet_ntoa(address.sin_addr),
         ntohs(address.sin_port));
}

int main(int argc, char **argv) {
  printf("pid %d\n", (int)getpid());
  for (int i = 0; i < argc; i++) printf("argument %s\n", argv[i]);
  for (char **variable = environ; *variable; variable++) printf("variable %s\n", *variable);
  for (int fd = 3; fd < 32; fd++) describe(fd);
  puts("end");
  fflush(stdout);
  while (read(0, &(char){0}, 1) > 0) continue;
  return 0;
}
