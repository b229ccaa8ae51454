/* LAYER/extensions/warmkey: the head start. It becomes the interpreter, LAYER/warmkey/warmkey.
 *
 * Lambda starts the runtime once every extension has registered. So bind the endpoint's port and send the
 * register request before the interpreter, some five hundred times this size, is even read from disk, and leave
 * both sockets open across exec. No reply is read here and no error reported: what cannot be done is left
 * undone, and Python does it again with a message for people.
 *
 * What is handed over: the listener as in systemd's socket activation (descriptor 3, LISTEN_FDS, LISTEN_PID),
 * the connection that the register request went out on as WARMKEY_REGISTERED_FD=4, and the moments at which this
 * began and both were done, for the phases that the daemon tells.
 *
 * As LAYER/warmkey-exec the same executable runs `warmkey exec -- ARGUMENTS`. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { LISTENER = 3, REGISTERED = 4, BACKLOG = 1024 };

#include "../interpreter/traced.h"

static struct iovec text(const char *of) { return (struct iovec){(char *)of, strlen(of)}; }

/* A port in decimal digits alone, as Python reads it too; 0 for anything else. */
static unsigned long port_number(const char *text) {
  size_t digits = strspn(text, "0123456789");
  unsigned long port = strtoul(text, NULL, 10);
  return digits <= 5 && !text[digits] && port <= 65535 ? port : 0;
}

/* An IPv4 address and a port; 0 where they are not. */
static int to_address(struct sockaddr_in *address, const char *host, const char *port) {
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((unsigned short)port_number(port))};
  return address->sin_port && inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

/* A TCP socket at exactly this descriptor, which must be free, or -1. It outlives exec. */
static int tcp_socket(int wanted) {
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd >= 0 && fd != wanted) {
    int moved = fcntl(fd, F_DUPFD, wanted);
    close(fd);
    if (moved >= 0 && moved != wanted) close(moved);
    fd = moved == wanted ? moved : -1;
  }
  if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static const char *set_variable(const char *name) {
  const char *value = getenv(name);
  return value && *value ? value : NULL;
}

static const char *endpoint_port(void) {
  const char *port = set_variable("WARMKEY_PORT");
  if (!port) port = set_variable("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT");
  return port ? port : "2773";
}

/* Written so that it ends before `end`. */
static const char *decimal(unsigned long number, char *end) {
  *--end = 0;
  do *--end = (char)('0' + number % 10);
  while (number /= 10);
  return end;
}

/* The moment that it is, in nanoseconds of the clock that never jumps. */
static void note(const char *variable) {
  char text[24];
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  setenv(variable, decimal((unsigned long)now.tv_sec * 1000000000 + (unsigned long)now.tv_nsec, text + sizeof text), 1);
}

static void listen_early(void) {
  struct sockaddr_in address;
  int on = 1, fd;
  if (!to_address(&address, "127.0.0.1", endpoint_port()) || (fd = tcp_socket(LISTENER)) < 0) return;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* one that ended a moment ago is not in the way */
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, BACKLOG)) {
    close(fd);
    return;
  }
  char pid[16];
  setenv("LISTEN_PID", decimal((unsigned long)getpid(), pid + sizeof pid), 1); /* exec keeps it */
  setenv("LISTEN_FDS", "1", 1);
  note("WARMKEY_BOUND_AT");
}

/* Lambda opens its API beside starting extensions, and now and then we are the faster: insist for 10 ms. */
static int connected(int fd, const struct sockaddr_in *address) {
  for (int tries = 50; connect(fd, (const struct sockaddr *)address, sizeof *address); tries--) {
    if (errno != ECONNREFUSED || !tries) return 0;
    nanosleep(&(struct timespec){.tv_nsec = 200 * 1000}, NULL);
  }
  return 1;
}

static int sent(int fd, const char *api, const char *name) {
  struct iovec request[] = {text("POST /2020-01-01/extension/register HTTP/1.1\r\nHost: "),
                            text(api),
                            text("\r\nLambda-Extension-Name: "),
                            text(name),
                            text("\r\nLambda-Extension-Accept-Feature: accountId"
                                 "\r\nContent-Type: application/json"
                                 "\r\nContent-Length: 23\r\n\r\n{\"events\":[\"SHUTDOWN\"]}")};
  size_t size = 0, parts = sizeof request / sizeof *request;
  for (size_t i = 0; i < parts; i++) size += request[i].iov_len;
  return sendmsg(fd, &(struct msghdr){.msg_iov = request, .msg_iovlen = parts}, MSG_NOSIGNAL) == (ssize_t)size;
}

static void register_early(const char *api, const char *name) {
  struct sockaddr_in address;
  char host[INET_ADDRSTRLEN];
  const char *colon = strchr(api, ':');
  if (!colon || colon - api >= (long)sizeof host) return;
  *(char *)mempcpy(host, api, (size_t)(colon - api)) = 0;

  int fd;
  if (!to_address(&address, host, colon + 1) || (fd = tcp_socket(REGISTERED)) < 0) return;
  if (!connected(fd, &address) || !sent(fd, api, name)) {
    close(fd);
    return;
  }
  setenv("WARMKEY_REGISTERED_FD", "4", 1);
  note("WARMKEY_REGISTERING_AT");
  sched_yield(); /* on a busy core, whoever got the request would wait for our time slice to end */
}

/* Wherever the layer lies, the interpreter is in it: LAYER/extensions/warmkey and LAYER/warmkey-exec → LAYER. */
static void find_interpreter(char *path, size_t size) {
  static const char inside[] = "/warmkey/warmkey";
  ssize_t length = readlink("/proc/self/exe", path, size - sizeof inside);
  if (length > 0) path[length] = 0;
  else strcpy(path, "/opt/extensions/warmkey"); /* no /proc: where Lambda puts layers */
  *strrchr(path, '/') = 0;
  char *folder = strrchr(path, '/');
  if (folder && !strcmp(folder, "/extensions")) *folder = 0;
  strcat(path, inside);
}

/* The interpreter's executable tells, in its second page, which of its pages a start reads (layer/build/snapshot/hot.py): the
 * disk fetches them while exec and the first instructions take their time. Nothing else is read before it is needed. */
static void read_ahead(const char *path) {
  struct {
    unsigned count, range[511][2]; /* in pages: first, number */
  } hot;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM); /* else this one page sets off reading ahead of its own */
  if (pread(fd, &hot, sizeof hot, 4096) == (ssize_t)sizeof hot && hot.count <= 511)
    for (unsigned i = 0; i < hot.count; i++)
      posix_fadvise(fd, (off_t)hot.range[i][0] << 12, (off_t)hot.range[i][1] << 12, POSIX_FADV_WILLNEED);
  close(fd);
}

int main(int argc, char **argv) {
  prctl(PR_SET_DUMPABLE, 0); /* nobody attaches any more; who had done so before is seen */
  if (argc < 1) return 127;
  if (is_traced()) return refuse_to_be_traced();
  const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
  const char *api = set_variable("AWS_LAMBDA_RUNTIME_API");
  char path[PATH_MAX], *command[argc + 3], **arguments = argv;
  find_interpreter(path, sizeof path);
  unsetenv("WARMKEY_REGISTERED_FD");
  unsetenv("WARMKEY_BEGAN_AT"), unsetenv("WARMKEY_BOUND_AT"), unsetenv("WARMKEY_REGISTERING_AT");

  if (!strcmp(name, "warmkey-exec")) {
    command[0] = argv[0], command[1] = "exec", command[2] = "--";
    memcpy(command + 3, argv + 1, (size_t)argc * sizeof *argv);
    arguments = command;
  } else if (argc == 1 && api) {
    note("WARMKEY_BEGAN_AT");
    listen_early();
    register_early(api, name);
  }
  read_ahead(path);
  execv(path, arguments);
  struct iovec complaint[] = {text("warmkey: cannot run "), text(path), text(": "), text(strerror(errno)),
                              text(". The layer's folders extensions/ and warmkey/ belong side by side.\n")};
  return writev(2, complaint, sizeof complaint / sizeof *complaint) < 0 ? 126 : 127;
}
