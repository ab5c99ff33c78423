/* test_fakes.h - services that behave as a test wants, and the stack as a process of its own.
 *
 * The test program is also each of them: called as kafkloud-producer (through a link in the test's bin directory) it
 * is a service, called as kafkloud-stack it is the supervisor. How a service behaves stands in a file of its name at
 * the moment it starts:
 *     die        says some lines and exits with 7        setting   exits as with a wrong setting
 *     stubborn   does not end on SIGTERM                 busy      answers its first three POSTs with 503
 *     deaf       runs, and never listens                 unready   is not ready, as long as this stands there */
#ifndef STACK_TEST_FAKES_H
#define STACK_TEST_FAKES_H

#include <sys/types.h>

/* A directory with bin/, root/ and home/, Kafka (librdkafka's mock), free ports: all in our environment. */
void fakes_begin(void);
void fakes_end(void);
const char *fakes_directory(void);

void fakes_behave(const char *service, const char *how); /* from its next start on */

/* kafkloud-stack COMMAND, its output in COMMAND.out; the pid. */
pid_t fakes_start(const char *command);
int   fakes_wait(pid_t pid); /* its exit code; -1: killed, or not within the deadline */
int   fakes_run(const char *command);

#endif
