/* search_internal.h - for search.c and answer.c alone. */
#ifndef SEARCH_INTERNAL_H
#define SEARCH_INTERNAL_H

#include "search.h"

struct searcher {
    struct searcher_conf conf;
};

#endif
