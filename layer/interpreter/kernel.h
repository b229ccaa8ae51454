/* Calls of the kernel in a start that is noted: it refuses protected memory instead of causing a fault. So what it is
 * given is touched first. And whether an answer is there already must not depend on how fast its sender was: the first
 * attempt to read after something was written finds nothing, and the next one waits. */
#pragma once
#include <arpa/inet.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <stdio.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "hidden.h"

static void touch(const void *start, size_t size, int writes) {
  uintptr_t end = (uintptr_t)start + size;
  for (uintptr_t at = (uintptr_t)start; at < end; at = (at | (PAGE - 1)) + 1) {
    volatile char *byte = (volatile char *)at;
    if (writes) *byte = *byte;
    else (void)*byte;
  }
}
static void touch_vector(const struct iovec *parts, size_t count, int writes) {
  for (size_t i = 0; i < count; i++) touch(parts[i].iov_base, parts[i].iov_len, writes);
}
static void touch_text(const char *text) { touch(text, strlen(text) + 1, 0); }

enum { MOST_DESCRIPTORS = 1024 };
static enum { NOTHING, WRITTEN_TO, READ_TOO_EARLY } talk[MOST_DESCRIPTORS];

static void has_written(int fd) {
  if (noting && fd >= 0 && fd < MOST_DESCRIPTORS) talk[fd] = WRITTEN_TO;
}
static int finds_nothing_yet(int fd) {
  if (!noting || fd < 0 || fd >= MOST_DESCRIPTORS || talk[fd] == NOTHING || !(fcntl(fd, F_GETFL) & O_NONBLOCK)) return 0;
  if (talk[fd] == WRITTEN_TO) return talk[fd] = READ_TOO_EARLY, errno = EAGAIN, 1;
  talk[fd] = NOTHING;
  return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1) < 0;
}

#define WRAPPED(type, function, declared, given, before, after) \
  type __real_##function declared;                              \
  type __wrap_##function declared {                             \
    if (noting) before;                                         \
    type result = __real_##function given;                      \
    after;                                                      \
    return result;                                              \
  }
#define SENDING(function, declared, given, before) WRAPPED(ssize_t, function, declared, given, before, has_written(fd))
#define RECEIVING(function, declared, given, before)       \
  ssize_t __real_##function declared;                      \
  ssize_t __wrap_##function declared {                     \
    if (noting) before;                                    \
    return finds_nothing_yet(fd) ? -1 : __real_##function given; \
  }
SENDING(write, (int fd, const void *from, size_t size), (fd, from, size), touch(from, size, 0))
SENDING(send, (int fd, const void *from, size_t size, int flags), (fd, from, size, flags), touch(from, size, 0))
SENDING(sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags),
        touch_vector(message->msg_iov, message->msg_iovlen, 0))
SENDING(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), touch_vector(parts, (size_t)count, 0))
RECEIVING(read, (int fd, void *to, size_t size), (fd, to, size), touch(to, size, 1))
RECEIVING(recv, (int fd, void *to, size_t size, int flags), (fd, to, size, flags), touch(to, size, 1))
WRAPPED(int, stat64, (const char *path, struct stat64 *to), (path, to), touch_text(path), )
WRAPPED(int, lstat64, (const char *path, struct stat64 *to), (path, to), touch_text(path), )
WRAPPED(int, access, (const char *path, int mode), (path, mode), touch_text(path), )
WRAPPED(ssize_t, readlink, (const char *path, char *to, size_t size), (path, to, size), touch_text(path), )
WRAPPED(FILE *, fopen64, (const char *path, const char *mode), (path, mode), touch_text(path), )
WRAPPED(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t size), (fd, level, name, value, size),
        touch(value, size, 0), )

int __real_open64(const char *, int, ...);
int __wrap_open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  if (noting) touch_text(path);
  return __real_open64(path, flags, mode);
}

/* The clock stands, so nothing ever times out. */
#define WAITING(function, declared, given)        \
  int __real_##function declared;                 \
  int __wrap_##function declared {                \
    if (noting && milliseconds > 0) milliseconds = -1; \
    return __real_##function given;               \
  }
WAITING(poll, (struct pollfd * events, nfds_t count, int milliseconds), (events, count, milliseconds))
WAITING(epoll_wait, (int fd, struct epoll_event *events, int most, int milliseconds), (fd, events, most, milliseconds))

/* Which ports are free differs from run to run, and a text is looked up in tables by its hash: to the daemon they are
 * always the same. */
enum { OWN_PORT = 2773, API_PORT = 9001, AWS_PORT = 443, PORTS = 3 };
static struct {
  unsigned shown, real;
} ports[PORTS] = {{OWN_PORT}, {API_PORT}, {AWS_PORT}};

static void translate(struct sockaddr_in *address, int to_real) {
  for (int i = 0; noting && i < PORTS && address->sin_family == AF_INET; i++)
    if (ntohs(address->sin_port) == (to_real ? ports[i].shown : ports[i].real)) {
      address->sin_port = htons((unsigned short)(to_real ? ports[i].real : ports[i].shown));
      return;
    }
}
int __real_getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);
int __wrap_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  int numeric = hints && hints->ai_flags & AI_NUMERICHOST; /* a name is none, also when nothing is looked up */
  return __real_getaddrinfo(noting && !numeric ? "127.0.0.1" : host, service, hints, found);
}
int __real_connect(int, const struct sockaddr *, socklen_t);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size) {
  struct sockaddr_in other;
  if (!noting || size < sizeof other) return __real_connect(fd, address, size);
  memcpy(&other, address, sizeof other);
  translate(&other, 1);
  return __real_connect(fd, (struct sockaddr *)&other, sizeof other);
}
#define NAMED(function)                                                             \
  int __real_##function(int, struct sockaddr *, socklen_t *);                       \
  int __wrap_##function(int fd, struct sockaddr *address, socklen_t *size) {        \
    int failed = __real_##function(fd, address, size);                              \
    if (noting && !failed) translate((struct sockaddr_in *)address, 0);             \
    return failed;                                                                  \
  }
NAMED(getsockname)
NAMED(getpeername)

/* A thread begins with all signals blocked, and a fault would end it: what glibc calls then (it names the stack) is
 * called before. */
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *with) {
  char name[64];
  if (!resumed) refuse("somebody starts a thread");
  if (noting && snprintf(name, sizeof name, " [stack: %d]", NOBODY) > 0) prctl(PR_SET_NAME, "warmkey");
  return __real_pthread_create(thread, attributes, run, with);
}
