/* assets.h - the built UI, whole in memory.
 *
 * The folder is read once, at start. A request's path is then looked up in a table and never reaches the file
 * system, so there is no way out of the folder, no answer that waits for a disk, and no file that changes between
 * its length and its last byte. The build's precompressed siblings (app.js.br, app.js.gz) become encodings of
 * app.js and are not served by their own names.
 *
 * Read-only after assets_open: any thread may look up. */
#ifndef ASSETS_H
#define ASSETS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "negotiate.h"

#define ASSETS_FILES_MAX 10000                /* a build has some tens; more is a wrong UI_DIR, such as / */
#define ASSETS_BYTES_MAX (256ll * 1024 * 1024) /* held in memory; the build is about 1 MB */
#define ASSETS_DEPTH_MAX 16
#define ASSETS_PATH_MAX  1024

#define ETAG_TEXT 19 /* 16 hex digits, two quotes, NUL */

struct asset_body {
    char  *data; /* NULL: this encoding is not there */
    size_t len;
    char   etag[ETAG_TEXT]; /* strong, from these bytes: each encoding has its own */
};

struct asset {
    char             *path; /* "/assets/index-4f1c.js" */
    const char       *type;
    bool              immutable; /* its name holds a hash of its content: under /assets/ */
    unsigned          available; /* bit 1 << encoding */
    struct asset_body body[ENCODINGS];
};

struct assets;

/* Reads the folder. KL_NOT_FOUND: no such folder, or no index.html in it. KL_TOO_LARGE: over a maximum above.
 * KL_BROKEN: a file could not be read. Symbolic links and names that begin with a dot are left out. */
KL_MUST_CHECK enum kl_code assets_open(struct assets **out, const char *dir, struct kl_error *err);
void   assets_close(struct assets *a); /* NULL is fine */
size_t assets_count(const struct assets *a);
size_t assets_bytes(const struct assets *a);

/* The file of this decoded path; "/" is /index.html. NULL: none. */
const struct asset *assets_find(const struct assets *a, const char *path);

/* Is it a path that a screen of the UI may have, for which index.html is served? Not one below /assets/, nor at the root
 * with a file's ending (a missing file must be a 404), nor one with empty, "." or ".." segments or a backslash. */
bool assets_path_is_screen(const char *path);

#endif
