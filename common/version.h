/* version.h - which kafkloud this is. */
#ifndef KL_VERSION_H
#define KL_VERSION_H

/* The project's version and commit, "0.1.0 (abc1234)". */
const char *kl_version(void);

#endif
