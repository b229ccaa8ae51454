/* Which pages of its own a process reads and writes; see noting.c. */
#pragma once

enum { NOTED_READ = 1, NOTED_WRITTEN = 2 };
extern unsigned char *noted_pages; /* one for each page from the executable's first to the pool's last; shared by forks */

void start_noting(void); /* all pages are protected, and faults noted from now on, beside those noted earlier */
void stop_noting(void);
/* Notes of their own, for processes that note at once: the faults of whoever takes them for `noted_pages`. */
unsigned char *notes_apart(void);
void add_notes(const unsigned char *others);
/* Pages of memory that is not the executable's, 1 GB at most; returns where they will be noted. */
const unsigned char *note_also(const char *start, const char *end);
