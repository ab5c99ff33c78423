/* clock.h - the two clocks, with their units in the names. Thread-safe. */
#ifndef KL_CLOCK_H
#define KL_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t kl_wall_us(void);  /* microseconds since 1970 (CLOCK_REALTIME); may step */
int64_t kl_mono_us(void);  /* microseconds since some start; never steps back */

/* RFC 3339 in UTC with microseconds, "2026-11-22T01:47:24.000123Z"; out holds KL_TIME_TEXT bytes. */
#define KL_TIME_TEXT 28
void kl_time_text(char *out, int64_t wall_us);

/* Reads an RFC 3339 time, or whole milliseconds since 1970. false when text is neither. */
_Bool kl_time_parse(const char *text, int64_t *wall_us);

/* Blocks this thread; for threads of our own, never in a handler. */
void kl_sleep_ms(int64_t ms);

#endif
