/* turn.c - see turn.h. */
#include "turn.h"

void turn_init(struct turn *t)
{
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->changed, NULL);
    t->next = t->now = 0;
}

void turn_fini(struct turn *t)
{
    pthread_cond_destroy(&t->changed);
    pthread_mutex_destroy(&t->lock);
}

void turn_take(struct turn *t)
{
    uint64_t mine;

    pthread_mutex_lock(&t->lock);
    mine = t->next++;
    while (t->now != mine)
        pthread_cond_wait(&t->changed, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

void turn_give(struct turn *t)
{
    pthread_mutex_lock(&t->lock);
    t->now++;
    pthread_cond_broadcast(&t->changed); /* those that wait are few: some loaders and the feed */
    pthread_mutex_unlock(&t->lock);
}
