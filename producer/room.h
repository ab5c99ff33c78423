/* room.h - how much may be in flight: records and bytes in all, records of one client. Who finds none left is refused
 * early. Thread-safe. */
#ifndef PRODUCER_ROOM_H
#define PRODUCER_ROOM_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct room;

struct room_limits {
    int64_t records, bytes; /* in all */
    int64_t client_records; /* of one client's address */
};

/* An upload of many records may fill half of the room and then waits, so that single records still find some. */
enum room_use { ROOM_ONE, ROOM_MANY };

struct room *room_new(const struct room_limits *limits); /* NULL: no memory */
void         room_free(struct room *room);               /* nobody may wait; NULL is fine */

/* The client's place in the table of counters. Addresses that fall on the same one share its limit: there are 4,096,
 * chosen by a hash with a seed of the process's own, so that nobody can aim at somebody else's. */
uint32_t room_client(const struct room *room, const char *address);

/* KL_BUSY: the room is full; KL_LIMITED: this client's part of it. */
KL_MUST_CHECK enum kl_code room_take(struct room *room, uint32_t client, size_t bytes, enum room_use use, struct kl_error *err);
void room_give(struct room *room, uint32_t client, size_t bytes);

/* Waiting for room, for uploads. wake is called once, by whoever calls room_wake, without a lock held: there is room
 * then, which others may take first. */
struct room_waiter {
    void              (*wake)(struct room_waiter *waiter);
    uint32_t            client;
    struct room_waiter *next; /* the module's */
};
bool room_wait(struct room *room, struct room_waiter *waiter); /* false: nothing is in flight, or it drains: wake will not be called */
void room_wake(struct room *room);                             /* wakes those that find some; now and then, and after room was given */

int64_t room_records(const struct room *room);
int64_t room_bytes(const struct room *room);

/* Waits until nothing is in flight; false: wait_ms were not enough. From then on nobody waits for room: the next room_wake
 * wakes all. One caller, main. */
bool room_drain(struct room *room, int64_t wait_ms);

#endif
