/* commands.h - kafkloud-stack's command line: which command, with which settings. */
#ifndef STACK_COMMANDS_H
#define STACK_COMMANDS_H

/* The whole program but its main(), so that tests can be it. The exit code, as in docs/operations.md. */
int stack_main(int argc, char **argv);

#endif
