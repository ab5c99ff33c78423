/* turn.h - a lock that is given in the order in which it was asked for.
 *
 * A mutex goes to whoever is awake: a thread that gives it back and takes it again at once, as one that loads a large
 * document does, would keep it from all others. Any thread. */
#ifndef TURN_H
#define TURN_H

#include <pthread.h>
#include <stdint.h>

struct turn {
    pthread_mutex_t lock;    /* guards what follows */
    pthread_cond_t  changed;
    uint64_t        next;    /* to be handed out */
    uint64_t        now;     /* whose turn it is */
};

void turn_init(struct turn *t);
void turn_fini(struct turn *t);
void turn_take(struct turn *t);
void turn_give(struct turn *t);

#endif
