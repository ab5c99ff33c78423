/* version.c - see version.h. Apart from everything else because it is compiled again at each commit; mk/service.mk
 * gives it the two names. */
#include "version.h"

const char *kl_version(void)
{
    return KL_VERSION " (" KL_COMMIT ")";
}
