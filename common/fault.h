/* fault.h - for tests: makes the nth allocation fail.
 *
 *     for (long n = 0; hit; n++) {
 *         kl_fault_begin(n);
 *         code = receipt_save(...);
 *         hit = kl_fault_end();      // false: n was past the last allocation
 *     }
 *
 * Counts malloc, calloc, realloc and strdup of the calling thread in a test binary that links with
 * -Wl,--wrap (mk/flags.mk does). Jansson, SQLite and libraries keep the real ones unless told. */
#ifndef KL_FAULT_H
#define KL_FAULT_H

#include <stdbool.h>

void kl_fault_begin(long nth);
bool kl_fault_end(void);

#endif
