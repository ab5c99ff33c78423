/* topics.h - the answer that GET /topics and POST /topics share. */
#ifndef TOPICS_H
#define TOPICS_H

#include "work.h"

job_run_fn topics_run; /* a job without ask of its own: it does not look at it */

#endif
