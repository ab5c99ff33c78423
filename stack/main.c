/* main.c - kafkloud-stack, the supervisor of one machine's services. Threads: see supervisor.h. */
#include "commands.h"

int main(int argc, char **argv)
{
    return stack_main(argc, argv);
}
