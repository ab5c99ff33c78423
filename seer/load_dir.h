/* load_dir.h - files below one directory, and nothing else.
 *
 * A name is taken step by step from the directory's own descriptor, none of the steps through a symbolic link: whatever
 * the name says and whatever is moved meanwhile, what is opened lies below the directory. Any thread. */
#ifndef LOAD_DIR_H
#define LOAD_DIR_H

#include <stddef.h>

#include "buf.h"
#include "err.h"

#define LOAD_NAME_MAX 1000 /* bytes of a name */

/* Appends the file's bytes. KL_INVALID: a name that is empty, too long, absolute or has "..", "." or nothing between two
 * slashes, or something that is no file; KL_FORBIDDEN: a symbolic link, or a file that may not be read; KL_NOT_FOUND;
 * KL_TOO_LARGE: over out's maximum, before anything is read. The error names the file. */
KL_MUST_CHECK enum kl_code load_dir_read(const char *directory, const char *name, struct kl_buf *out, struct kl_error *err);

#endif
