/* home.h - the directory of one stack: its data, its logs, and in run/ what tells that it runs.
 *
 * run/stack.lock   held (fcntl) by the supervisor as long as it lives, so the kernel knows who it is and forgets it
 *                  when it dies, however it dies
 * run/stack.state  what the supervisor knows, for `ps` and `up`; a whole new file at each change
 * Both are removed at the end. */
#ifndef STACK_HOME_H
#define STACK_HOME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "table.h"

#define STACK_LOG "stack.log" /* what the supervisor says, in log/ */

struct home {
    int run, log; /* directories */
    int lock;     /* -1: not ours */
};

/* Makes the directories that are missing: path/, run, log and data of the services. */
KL_MUST_CHECK enum kl_code home_open(struct home *h, const char *path, struct kl_error *err);
/* Makes nothing: for looking. KL_NOT_FOUND: no stack ever ran there. */
KL_MUST_CHECK enum kl_code home_find(struct home *h, const char *path, struct kl_error *err);
void home_close(struct home *h); /* gives up the lock, and removes what stands in run/, if it is ours */

/* KL_CONFLICT: a stack runs here; the error says which process. */
KL_MUST_CHECK enum kl_code home_lock(struct home *h, struct kl_error *err);
pid_t home_holder(const struct home *h); /* the supervisor's pid; 0: none runs */

/* ---- the state ---- */
enum slot_state {
    SLOT_WAITING,  /* for what it needs */
    SLOT_STARTING, /* runs, does not answer yet */
    SLOT_READY,
    SLOT_UNREADY,  /* runs and answers, but was not ready in its time; it is left to become so */
    SLOT_BACKOFF,  /* died, is started again soon */
    SLOT_DOWN,     /* died too often: left down until `up` */
    SLOT_STOPPED,
    SLOT_STATES,
};
const char *slot_state_name(enum slot_state state);

struct slot_view {
    char            name[16];
    enum slot_state state;
    pid_t           pid;        /* 0: none */
    int64_t         started_us; /* wall clock; 0: not running */
    int64_t         port;
    size_t          restarts;
};

enum phase { PHASE_STARTING, PHASE_UP, PHASE_INCOMPLETE /* something is down, or no round trip */, PHASE_STOPPING };

struct state {
    pid_t      supervisor;   /* whose state it is: one that was killed leaves its own behind */
    enum phase phase;
    unsigned   round;        /* how many `up`s were carried out */
    int64_t    roundtrip_us; /* 0: none was made */
    int        slots_n;
    struct slot_view slots[SERVICES_MAX];
};

/* false: it could not be written, and what stood there before does still. */
bool home_write_state(const struct home *h, const struct state *s);
/* false: there is none, or it is not one. */
bool home_read_state(const struct home *h, struct state *s);

#endif
