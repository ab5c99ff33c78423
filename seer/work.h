/* work.h - what a request wants done by threads that may wait, so that no HTTP thread does.
 *
 * A handler reads its request, puts what it learnt into an `ask` and calls work_do(), last of all. A thread of the pool
 * runs the job's function; the answer is its body. With work_do_events(), and a client that wants events (Accept:
 * text/event-stream), the answer begins at once, the function's job_event() calls are what the client reads meanwhile, and
 * the body comes as the last event, `done`, or the error as `error`. So one function serves both, and need not know which.
 *
 * A job lives as long as its request or its work, whichever lasts longer: a client that leaves does not stop the work. */
#ifndef WORK_H
#define WORK_H

#include "http.h"

struct seer;
struct work;
struct job;

#define ANSWER_MAX_BYTES (64 * 1024 * 1024) /* 1,000 documents' facts are 1 MB */

struct work_conf {
    struct seer *seer;
    const char  *what;        /* "searches": for the refusal when too many wait */
    const char  *thread;      /* its name, 15 characters at most */
    int64_t      threads, waiting_max;
    int          nice;        /* of the threads */
};

KL_MUST_CHECK enum kl_code work_open(struct work **out, const struct work_conf *conf, struct kl_error *err);
/* Refuses what waits and waits for what runs (which sees job_stopping()), so that every suspended request is resumed. Then
 * no job is taken any more. NULL is fine. */
void work_end(struct work *w);
void work_close(struct work *w); /* after kl_http_stop and work_end; NULL is fine */

typedef enum kl_code job_run_fn(struct job *j, struct kl_error *err);

struct job {
    struct seer  *seer;
    void         *ask;     /* the handler's */
    int           status;  /* of the answer: 200 unless run() says another; 204 has no body */
    struct kl_buf body;    /* of the answer: JSON; run() appends to it */

    struct job_rest *rest; /* the module's */
};

/* Answers r with what run(job) makes: KL_OK and the body, or an error. Takes ask always, and frees it by release(ask) when
 * the job has ended (both may be NULL). Too many wait: answered with 503. What the request's getters returned stays until
 * the answer, so run may use it. */
void work_do(struct kl_request *r, struct work *w, job_run_fn *run, void *ask, void (*release)(void *ask));
/* The same with events for a client that wants them. The answer to that has begun before run does: nothing of the request's
 * is there any more. */
void work_do_events(struct kl_request *r, struct work *w, job_run_fn *run, void *ask, void (*release)(void *ask));
/* From a route's `begin`, for bodies so large that only a few may be in memory: a place for the call that comes. false: as
 * many as may wait have one, and r has been answered with 503. */
bool work_reserve(struct kl_request *r, struct work *w);

/* From a job's function: the rest of it is done by another pool. true: the job is not this thread's any more, so the
 * function touches it no more and returns KL_OK; false: too many wait there, and the job goes on here. */
bool work_pass(struct job *j, struct work *w, job_run_fn *run);

/* One event for a client that wants events, nothing for others. Left out when the client is far behind. */
void job_event(struct job *j, const char *event, const char *json, size_t len);
bool job_wants_events(const struct job *j);
/* Is the service ending? What lasts looks now and then, and ends with KL_BUSY. */
bool job_stopping(const struct job *j);

/* For /metrics. NULL: 0. */
int64_t work_running(const struct work *w);
int64_t work_waiting(const struct work *w);

#endif
