/* Starts that are played while the seed is still there, to note what they touch: the daemon's own `main` in one
 * process, and what it talks to in another, layer/rehearsal/service.py. Both are forked, so nothing of them is left. */
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <internal/pycore_ceval.h>
#include <sched.h>
#include <sys/wait.h>

#include "kernel.h"
#include "noting.h"

enum { LISTENER = 3, REGISTERED = 4 }; /* as the launcher hands them over */

static int listening(unsigned *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 16) ||
      getsockname(fd, (struct sockaddr *)&address, &size))
    refuse("there is no loopback interface for a start to be played");
  *port = ntohs(address.sin_port);
  return fcntl(fd, F_DUPFD, 10); /* the low ones are for what is handed over */
}

static int connected(unsigned port) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || __real_connect(fd, (struct sockaddr *)&address, sizeof address)) refuse("a played start can't connect");
  return fd;
}

/* Which of its variants OpenSSL takes must not depend on the processor of the machine that builds, but be what Lambda's
 * processors have, and all of the last ten years: AES, carry-less multiplication, SHA, and on x86 AVX2, BMI2 and ADX. */
static void suppose_processor(void) {
#ifdef __x86_64__
  extern unsigned OPENSSL_ia32cap_P[]; /* of ten; told so, the compiler would take it for aligned */
  static const unsigned supposed[10] = {0x078bfbff, 0x1ed81203 | 1 << 25, 1 << 3 | 1 << 5 | 1 << 8 | 1 << 19 | 1 << 29};
  memcpy(OPENSSL_ia32cap_P, supposed, sizeof supposed);
#else
  extern unsigned OPENSSL_armcap_P;
  OPENSSL_armcap_P = 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5;
#endif
}

static void become_process(void) {
  end_seed();
  delete_keys();
}

/* A variable of each line of a file, in which the kind of certificate stands for each `*`. It is no constant of C's, as
 * those are in the executable. */
static void read_environment(const char *path, const char *kind, char text[PAGE], char *environment[64]) {
  char raw[PAGE];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : read(fd, raw, sizeof raw);
  close(fd);
  if (size <= 0) refuse("a played start has no environment");
  for (char *at = raw, *end = raw + size; at < end; at++) {
    *environment++ = text;
    for (; at < end && *at != '\n'; at++)
      if (*at == '*') text = stpcpy(text, kind);
      else *text++ = *at;
    *text++ = 0;
  }
  *environment = NULL;
}

/* The starts that are played at once, one for each kind of certificate. */
static struct play {
  const char *kind;
  unsigned char *noted;
  pid_t client, service;
} plays[] = {{.kind = "ec"}, {.kind = "rsa"}};
enum { PLAYS = sizeof plays / sizeof *plays };

/* On one processor, and by a policy under which a thread that wakes up does not interrupt another: so each goes on until
 * it waits, and it is the same each time which of them comes first. */
static _Noreturn void play_client(const struct play *play, int listener) {
  cpu_set_t one;
  char text[PAGE], *environment[64];
  read_environment("rehearsal/environment", play->kind, text, environment);
  static const char request[] = "POST /2020-01-01/extension/register HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
  int registered = connected(ports[1].real);
  if (write(registered, request, sizeof request - 1) < 0) refuse("a played start can't register");
  dup2(listener, LISTENER);
  if (registered != REGISTERED) dup2(registered, REGISTERED);
  for (int fd = REGISTERED + 1; fd < 64; fd++) close(fd);
  sched_getaffinity(0, sizeof one, &one);
  for (int cpu = 0, found = 0, wanted = (int)(play - plays) % CPU_COUNT(&one); cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, &one) && found++ != wanted) CPU_CLR(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
  sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
  _PyEval_SetSwitchInterval(1000 * 1000 * 1000);
  become_process();
  environ = environment;
  suppose_processor();
  noted_pages = play->noted;
  noting = 1;
  start_noting();
  _exit(start(1, (char *[]){"/opt/extensions/warmkey", NULL}));
}

static _Noreturn void play_service(const char *script, const char *kind, int api, int aws, unsigned port, pid_t client) {
  char numbers[4][16], *arguments[] = {"service", numbers[0], numbers[1], numbers[2], numbers[3], (char *)kind, NULL};
  snprintf(numbers[0], sizeof *numbers, "%d", api);
  snprintf(numbers[1], sizeof *numbers, "%d", aws);
  snprintf(numbers[2], sizeof *numbers, "%u", port);
  snprintf(numbers[3], sizeof *numbers, "%d", client);
  become_process();
  resume(6, arguments, (char *[]){NULL});
  alarm(60);
  run_script(script);
  _exit(0);
}

static void begin_play(struct play *play, const char *script) {
  int own = listening(&ports[0].real), api = listening(&ports[1].real), aws = listening(&ports[2].real);
  play->noted = notes_apart();
  play->client = fork();
  if (play->client == 0) play_client(play, own);
  play->service = fork();
  if (play->service == 0) play_service(script, play->kind, api, aws, ports[0].real, play->client);
  close(api), close(aws), close(own);
}

/* The service ends the client once it has seen all: what came then would depend on which of them ended first. Where the
 * client ends by itself, nobody answers the service any more. */
static void play_starts(const char *script) {
  for (int i = 0; i < PLAYS; i++) begin_play(plays + i, script);
  for (int status, left = 2 * PLAYS, failed = 0; left; left--) {
    pid_t ended = wait(&status);
    for (int i = 0; i < PLAYS; i++) {
      const struct play *play = plays + i;
      if (ended == play->client && status != SIGKILL) kill(play->service, SIGKILL);
      if (ended == play->service && status) kill(play->client, SIGKILL);
      if (ended == play->service ? status != 0 : ended == play->client && status != SIGKILL)
        failed = dprintf(STDERR_FILENO, "%s of the start with %s ended with %#x\n",
                         ended == play->client ? "the daemon" : "the service", play->kind, status);
    }
    if (left == 1 && failed) refuse("a played start has failed");
  }
  for (int i = 0; i < PLAYS; i++) {
    add_notes(plays[i].noted);
    plays[i] = (struct play){.kind = plays[i].kind}; /* the rest differs from run to run */
  }
}
