/* What the kernel may be asked for while the daemon is imported; see guard.c. */
#pragma once

void guard(void (*refuse)(long number)); /* whatever is not allowed is refused from now on */
void stop_guarding(void);
