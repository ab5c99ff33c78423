/* assets.c - reads the UI's folder into a sorted table.
 *
 * Every file is read into one allocation of its size. Then each "x.gz" or "x.br" whose x is there is moved into x as
 * an encoding. The table is sorted by path and searched by halves: some tens of rows, a few comparisons. */
#include "assets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "buf.h"
#include "log.h"
#include "media_type.h"

struct assets {
    struct kl_buf rows; /* the list's memory */
    struct asset *list; /* sorted by path; it may move until assets_open ends */
    size_t        count;
    size_t        bytes;
    size_t        links; /* symbolic ones, left out */
};

static enum kl_code folder_read(struct assets *a, int dir_fd, const char *prefix, int depth, struct kl_error *err);

/* ---- one file ---- */

static void asset_fini(struct asset *f)
{
    free(f->path);
    for (int e = 0; e < ENCODINGS; e++)
        free(f->body[e].data);
}

static enum kl_code file_load(int fd, char *data, size_t len, const char *path, struct kl_error *err)
{
    size_t at = 0;

    while (at < len) {
        ssize_t n = read(fd, data + at, len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return kl_fail(err, KL_BROKEN, "%s: %s", path, strerror(errno));
        if (n == 0)
            return kl_fail(err, KL_BROKEN, "%s became shorter while it was read", path);
        at += (size_t)n;
    }
    return KL_OK;
}

static enum kl_code row_reserve(struct assets *a, struct kl_error *err)
{
    if (a->count == ASSETS_FILES_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "UI_DIR", ASSETS_FILES_MAX, "it holds more than %d files", ASSETS_FILES_MAX);
    if (!kl_buf_reserve(&a->rows, sizeof *a->list))
        return kl_fail(err, KL_BROKEN, "no memory for %zu files", a->count + 1);
    a->list = (struct asset *)(void *)a->rows.data;
    return KL_OK;
}

static enum kl_code file_add(struct assets *a, int fd, const char *path, size_t len, struct kl_error *err)
{
    struct asset *f;
    struct asset_body *body;
    enum kl_code code = row_reserve(a, err);

    if (code)
        return code;
    if (a->bytes + len > (size_t)ASSETS_BYTES_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "UI_DIR", ASSETS_BYTES_MAX, "it holds more than %lld bytes", ASSETS_BYTES_MAX);
    f = &a->list[a->count];
    *f = (struct asset){ .path = strdup(path), .available = 1u << ENCODING_IDENTITY };
    body = &f->body[ENCODING_IDENTITY];
    body->data = malloc(len + 1);
    body->len = len;
    code = f->path && body->data ? file_load(fd, body->data, len, path, err)
                                 : kl_fail(err, KL_BROKEN, "no memory for %s", path);
    if (code) {
        asset_fini(f);
        return code;
    }
    f->type = media_type(path);
    f->immutable = !strncmp(path, "/assets/", 8);
    snprintf(body->etag, sizeof body->etag, "\"%016llx\"", (unsigned long long)XXH3_64bits(body->data, len));
    a->count++;
    a->rows.len += sizeof *f;
    a->bytes += len;
    return KL_OK;
}

/* ---- the folder ---- */

static enum kl_code entry_read(struct assets *a, int dir_fd, const char *name, const char *prefix, int depth, struct kl_error *err)
{
    char path[ASSETS_PATH_MAX];
    struct stat st;
    enum kl_code code = KL_OK;
    int fd;

    if ((size_t)snprintf(path, sizeof path, "%s/%s", prefix, name) >= sizeof path)
        return kl_fail_limit(err, KL_TOO_LARGE, "UI_DIR", ASSETS_PATH_MAX, "the path of %s/%s is too long", prefix, name);
    fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ELOOP) {
        a->links++;
        return KL_OK;
    }
    if (fd < 0)
        return kl_fail(err, KL_BROKEN, "%s: %s", path, strerror(errno));
    if (fstat(fd, &st))
        code = kl_fail(err, KL_BROKEN, "%s: %s", path, strerror(errno));
    else if (S_ISDIR(st.st_mode))
        return folder_read(a, fd, path, depth + 1, err); /* fd is its own now */
    else if (S_ISREG(st.st_mode))
        code = file_add(a, fd, path, (size_t)st.st_size, err);
    close(fd);
    return code;
}

/* Takes dir_fd. */
static enum kl_code folder_read(struct assets *a, int dir_fd, const char *prefix, int depth, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    struct dirent *entry;
    DIR *dir;

    if (depth > ASSETS_DEPTH_MAX) {
        close(dir_fd);
        return kl_fail_limit(err, KL_TOO_LARGE, "UI_DIR", ASSETS_DEPTH_MAX, "%s lies deeper than %d folders", prefix, ASSETS_DEPTH_MAX);
    }
    dir = fdopendir(dir_fd);
    if (!dir) {
        close(dir_fd);
        return kl_fail(err, KL_BROKEN, "%s: %s", prefix, strerror(errno));
    }
    while (!code && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            code = entry_read(a, dirfd(dir), entry->d_name, prefix, depth, err);
    closedir(dir);
    return code;
}

/* ---- the table ---- */

static int path_compare(const void *a, const void *b)
{
    return strcmp(((const struct asset *)a)->path, ((const struct asset *)b)->path);
}

static struct asset *row_find(const struct assets *a, const char *path)
{
    struct asset key = { .path = (char *)(uintptr_t)path };

    return a->count ? bsearch(&key, a->list, a->count, sizeof key, path_compare) : NULL;
}

static enum encoding ending_encoding(const char *path)
{
    const char *dot = strrchr(path, '.');

    if (dot && !strcmp(dot, ".br"))
        return ENCODING_BR;
    return dot && !strcmp(dot, ".gz") ? ENCODING_GZIP : ENCODING_IDENTITY;
}

/* Moves the bytes of "x.br" into x when there is an x. A sibling that saves nothing is dropped. */
static void encoding_move(struct assets *a, struct asset *from)
{
    enum encoding e = ending_encoding(from->path);
    char path[ASSETS_PATH_MAX];
    struct asset_body *source = &from->body[ENCODING_IDENTITY];
    struct asset *to;

    if (e == ENCODING_IDENTITY)
        return;
    snprintf(path, sizeof path, "%.*s", (int)(strlen(from->path) - 3), from->path);
    to = row_find(a, path);
    if (!to || !to->body[ENCODING_IDENTITY].data)
        return;
    if (source->len < to->body[ENCODING_IDENTITY].len) {
        to->body[e] = *source;
        to->available |= 1u << e;
    } else {
        free(source->data);
    }
    source->data = NULL; /* encodings_gather drops the row */
}

static void encodings_gather(struct assets *a)
{
    size_t kept = 0;

    for (size_t i = 0; i < a->count; i++)
        encoding_move(a, &a->list[i]);
    for (size_t i = 0; i < a->count; i++) {
        if (a->list[i].body[ENCODING_IDENTITY].data)
            a->list[kept++] = a->list[i];
        else
            asset_fini(&a->list[i]);
    }
    a->count = kept;
}

/* Asked before anything is read: a wrong UI_DIR, such as /, must not be read into memory. */
static bool has_page(int dir_fd)
{
    struct stat st;

    return !fstatat(dir_fd, "index.html", &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode);
}

enum kl_code assets_open(struct assets **out, const char *dir, struct kl_error *err)
{
    struct assets *a = calloc(1, sizeof *a);
    enum kl_code code;
    int fd;

    if (!a)
        return kl_fail(err, KL_BROKEN, "no memory");
    kl_buf_init(&a->rows, ASSETS_FILES_MAX * sizeof *a->list);
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        code = kl_fail(err, KL_NOT_FOUND, "%s: %s", dir, strerror(errno));
    } else if (!has_page(fd)) {
        close(fd);
        code = kl_fail(err, KL_NOT_FOUND, "%s has no index.html", dir);
    } else {
        code = folder_read(a, fd, "", 0, err);
    }
    if (code) {
        assets_close(a);
        return code;
    }
    if (a->links)
        kl_warn("symbolic links in the UI's folder are not served", KL_S("dir", dir), KL_I("links", a->links));
    if (a->count)
        qsort(a->list, a->count, sizeof *a->list, path_compare);
    encodings_gather(a);
    *out = a;
    return KL_OK;
}

void assets_close(struct assets *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->count; i++)
        asset_fini(&a->list[i]);
    kl_buf_fini(&a->rows);
    free(a);
}

size_t assets_count(const struct assets *a)
{
    return a->count;
}

size_t assets_bytes(const struct assets *a)
{
    return a->bytes;
}

const struct asset *assets_find(const struct assets *a, const char *path)
{
    return row_find(a, strcmp(path, "/") ? path : "/index.html");
}

/* The build's own files lie below /assets/ or beside index.html. Deeper, an ending is a part of a name: topics are
 * called orders.js, too. */
static bool is_asset_path(const char *path)
{
    return !strncmp(path, "/assets/", 8) || (!strchr(path + 1, '/') && media_type(path));
}

bool assets_path_is_screen(const char *path)
{
    const char *segment = path;

    if (*path != '/' || strchr(path, '\\') || is_asset_path(path))
        return false;
    while (*segment) {
        size_t len = strcspn(++segment, "/");

        if ((len == 0 && segment[len]) || (len == 1 && *segment == '.') || (len == 2 && !strncmp(segment, "..", 2)))
            return false;
        segment += len;
    }
    return true;
}
