/* What must not get into a snapshot: randomness, time, who and where the process is. In a start all of it is as usual.
 *
 * In the seed whoever asks for randomness ends the build; so it is known that no generator was seeded, and no key,
 * nonce or token made. OpenSSL's own entry points give a fixed sequence during the rehearsal alone, whose keys are
 * thrown away. */
#pragma once
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "pool.h"

/* Whether this is a start that the seed plays to note what it touches: the clock stands for it, too. */
static int noting;
enum { NOW = 1893456000 /* 2030, when the rehearsal's certificates are valid */, NOBODY = 1 };

long __real_syscall(long, ...);
long __wrap_syscall(long number, ...) {
  va_list list;
  long a[6];
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (!resumed && number == SYS_getrandom) refuse("somebody wants randomness");
  if (!resumed && number == SYS_gettid) return NOBODY;
  return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

ssize_t __real_getrandom(void *, size_t, unsigned);
ssize_t __wrap_getrandom(void *to, size_t size, unsigned flags) {
  if (FOR_SNAPSHOT) refuse("somebody wants randomness");
  return __real_getrandom(to, size, flags);
}

static int rehearsing, making_context;
static int rehearse_randomness(unsigned char *to, size_t size) {
  static uint32_t state = 1;
  if (!rehearsing) refuse("OpenSSL wants randomness");
  if (making_context) return memset(to, 0, size), 1;
  while (size--) *to++ = (unsigned char)((state = state * 1664525 + 1013904223) >> 24);
  return 1;
}
#define RANDOM(function, declared, given) \
  int __real_##function declared;         \
  int __wrap_##function declared { return resumed ? __real_##function given : rehearse_randomness(to, (size_t)size); }
RANDOM(RAND_bytes, (unsigned char *to, int size), (to, size))
RANDOM(RAND_priv_bytes, (unsigned char *to, int size), (to, size))
RANDOM(RAND_bytes_ex, (void *library, unsigned char *to, size_t size, unsigned strength), (library, to, size, strength))
RANDOM(RAND_priv_bytes_ex, (void *library, unsigned char *to, size_t size, unsigned strength), (library, to, size, strength))

/* What a context holds of randomness are keys for the tickets and cookies of a server. A client has no use for them, and
 * the daemon's, which stays in the snapshot (extension/http/client/tls.py), has zeros there. */
SSL_CTX *__real_SSL_CTX_new(const SSL_METHOD *);
SSL_CTX *__wrap_SSL_CTX_new(const SSL_METHOD *method) {
  making_context = 1;
  SSL_CTX *context = __real_SSL_CTX_new(method);
  making_context = 0;
  return context;
}

int __real_clock_gettime(clockid_t, struct timespec *);
int __wrap_clock_gettime(clockid_t clock, struct timespec *to) {
  int failed = __real_clock_gettime(clock, to);
  if (!resumed || noting) *to = (struct timespec){NOW};
  return failed;
}
int __real_gettimeofday(struct timeval *, void *);
int __wrap_gettimeofday(struct timeval *to, void *zone) {
  int failed = __real_gettimeofday(to, zone);
  if (!resumed || noting) *to = (struct timeval){NOW};
  return failed;
}
time_t __real_time(time_t *);
time_t __wrap_time(time_t *to) {
  time_t now = __real_time(to);
  if (!resumed || noting) now = NOW;
  return to ? *to = now : now;
}

#define IDENTITY(type, function) \
  type __real_##function(void);  \
  type __wrap_##function(void) { return resumed && !noting ? __real_##function() : NOBODY; }
IDENTITY(pid_t, getpid)
IDENTITY(pid_t, getppid)
pthread_t __real_pthread_self(void);
pthread_t __wrap_pthread_self(void) { return resumed ? __real_pthread_self() : NOBODY; }

#define REFUSED(type, function, declared, given)                            \
  type __real_##function declared;                                          \
  type __wrap_##function declared {                                         \
    if (!resumed) refuse("somebody calls " #function ", which differs between machines"); \
    return __real_##function given;                                         \
  }
REFUSED(int, uname, (struct utsname * to), (to))
REFUSED(int, gethostname, (char *to, size_t size), (to, size))
REFUSED(char *, getcwd, (char *to, size_t size), (to, size))

/* Where the clock stands, it would never end. */
int __real_clock_nanosleep(clockid_t, int, const struct timespec *, struct timespec *);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left) {
  if (!resumed) refuse("somebody sleeps");
  return __real_clock_nanosleep(clock, flags, until, left);
}

/* Keys of thread-specific data are numbers of a table of glibc's, which is fresh in every start. */
static struct {
  pthread_key_t key;
  void (*destructor)(void *);
  const void *value; /* the main thread's */
} keys[64];
static size_t keys_used;

int __real_pthread_key_create(pthread_key_t *, void (*)(void *));
int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
  int failed = __real_pthread_key_create(key, destructor);
  if (!resumed && !failed) {
    if (keys_used == sizeof keys / sizeof *keys) refuse("there are too many keys of thread-specific data");
    keys[keys_used].key = *key;
    keys[keys_used++].destructor = destructor;
  }
  return failed;
}
int __real_pthread_key_delete(pthread_key_t);
int __wrap_pthread_key_delete(pthread_key_t key) {
  if (!resumed) refuse("somebody deletes a key of thread-specific data");
  return __real_pthread_key_delete(key);
}

static void note_values_of_keys(void) {
  for (size_t i = 0; i < keys_used; i++) keys[i].value = pthread_getspecific(keys[i].key);
}

/* In a process that the seed has forked, as glibc's table is fresh in a start. */
static void delete_keys(void) {
  for (size_t i = 0; i < keys_used; i++) __real_pthread_key_delete(keys[i].key);
}

static void create_keys_again(void) {
  for (size_t i = 0; i < keys_used; i++) {
    pthread_key_t key;
    if (__real_pthread_key_create(&key, keys[i].destructor) || key != keys[i].key) refuse("a key got another number");
    if (keys[i].value) pthread_setspecific(key, keys[i].value);
  }
}
