/* Calls of the kernel without the C library, from sections that are neither protected nor guarded (noting.c, guard.c). */
#pragma once
#include <stddef.h>
#include <signal.h>
#include <sys/syscall.h>

#define HERE __attribute__((section(".noting.text"), noinline, no_stack_protector))
#define DATA __attribute__((section(".noting.data")))

/* As the kernel takes it; glibc's has another form. */
struct kernel_action {
  void (*handler)(int, siginfo_t *, void *);
  unsigned long flags;
  void (*restorer)(void);
  unsigned long mask;
};
enum { RESTORER = 0x04000000 }; /* SA_RESTORER */
void return_from_signal(void); /* what the kernel returns to from a signal's handler: in noting.c */

HERE static long call(long number, long a, long b, long c, long d, long e, long f) {
#ifdef __x86_64__
  long result;
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
#else
  register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#endif
}
