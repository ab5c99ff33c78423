/* cli.h - the seer on the command line: `kafkloud-seer -a TEXT -l FILE -q QUESTION -v`, against a running service, or
 * with --index FILE against an index that no service has open. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>

/* Is there something to do (-a, -l, -q) among the arguments? Else they are the service's. */
bool cli_wanted(int argc, char **argv);

/* Does it, in the order of the arguments; the process's exit code: 0, 64 for wrong arguments, 1 when something failed. */
int cli_main(int argc, char **argv);

#endif
