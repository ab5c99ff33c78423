#include "endpoints.h"
#include "steward.h"

const struct kl_route steward_routes[] = {
    { "GET", "/cluster", NULL, cluster_get },
    { NULL },
};
