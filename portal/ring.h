/* ring.h - a bounded ring of bytes: what one side has written and the other has not read yet.
 * It has no lock: its owner holds one. */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring {
    char  *data;
    size_t size;
    size_t at;  /* where the oldest byte stands */
    size_t len; /* how many there are */
};

bool   ring_init(struct ring *r, size_t size); /* false: no memory */
void   ring_fini(struct ring *r);
size_t ring_room(const struct ring *r);
size_t ring_write(struct ring *r, const void *data, size_t len); /* takes what fits, says how much */
size_t ring_read(struct ring *r, void *out, size_t max);         /* gives what is there, at most max */

#endif
