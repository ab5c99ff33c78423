/* load_dir.c - see load_dir.h. */
#include "load_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN 100 /* characters of a name in an error */

static enum kl_code fail(struct kl_error *err, enum kl_code code, const char *name, const char *why)
{
    return kl_fail(err, code, "%.*s%s: %s", SHOWN, name, strlen(name) > SHOWN ? "..." : "", why);
}

static enum kl_code fail_errno(struct kl_error *err, const char *name)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return fail(err, KL_NOT_FOUND, name, "there is no such file below LOAD_DIR");
    case ENAMETOOLONG:
        return fail(err, KL_INVALID, name, "a step of the name is too long");
    case ENXIO:
        return fail(err, KL_INVALID, name, "it is no file"); /* a socket */
    case ELOOP:
        return fail(err, KL_FORBIDDEN, name, "a symbolic link is not followed");
    case EACCES:
    case EPERM:
        return fail(err, KL_FORBIDDEN, name, "it may not be read");
    default:
        return fail(err, KL_BUSY, name, strerror(errno));
    }
}

/* "a/b": the length of "a". */
static size_t step_len(const char *name) { return strcspn(name, "/"); }

static enum kl_code check(const char *name, struct kl_error *err)
{
    if (strlen(name) > LOAD_NAME_MAX)
        return kl_fail_limit(err, KL_INVALID, "", LOAD_NAME_MAX, "%.*s...: the name is longer than %d bytes", SHOWN, name, LOAD_NAME_MAX);
    for (const char *at = name;; at += step_len(at) + 1) {
        size_t len = step_len(at);

        if (len == 0 || (len == 1 && at[0] == '.') || (len == 2 && at[0] == '.' && at[1] == '.'))
            return fail(err, KL_INVALID, name, "a name is a path below LOAD_DIR, without \"..\"");
        if (!at[len])
            return KL_OK;
    }
}

/* O_NOFOLLOW with O_DIRECTORY says "no directory" of a link to one: both are looked at, so that the error is true. */
static int step_into(int from, const char *step)
{
    struct stat st;
    int fd = openat(from, step, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);

    if (fd < 0 && errno == ENOTDIR)
        errno = !fstatat(from, step, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
    return fd;
}

/* Takes from always. -1: errno says why. */
static int walk(int from, const char *name)
{
    char step[LOAD_NAME_MAX + 1];
    int error;

    while (from >= 0) {
        size_t len = step_len(name);
        int fd;

        memcpy(step, name, len);
        step[len] = '\0';
        fd = name[len] ? step_into(from, step) : openat(from, step, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        error = errno;
        close(from);
        errno = error;
        if (!name[len])
            return fd;
        from = fd;
        name += len + 1;
    }
    return -1;
}

/* As many bytes as it has now: what is appended meanwhile is for the next load. */
static enum kl_code read_all(int fd, const char *name, struct kl_buf *out, struct kl_error *err)
{
    struct stat st;
    size_t left;

    if (fstat(fd, &st) != 0)
        return fail_errno(err, name);
    if (!S_ISREG(st.st_mode))
        return fail(err, KL_INVALID, name, "it is no file");
    left = (size_t)st.st_size;
    if (left > out->max - out->len)
        return kl_fail_limit(err, KL_TOO_LARGE, "", (int64_t)out->max, "%.*s: the file has %zu bytes, %zu may pass", SHOWN, name, left, out->max);
    if (!kl_buf_reserve(out, left))
        return fail(err, KL_BUSY, name, "no memory for it");
    while (left > 0) {
        ssize_t n = read(fd, out->data + out->len, left);

        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return fail_errno(err, name);
        out->len += n > 0 ? (size_t)n : 0;
        left -= n > 0 ? (size_t)n : 0;
    }
    out->data[out->len] = '\0';
    return KL_OK;
}

enum kl_code load_dir_read(const char *directory, const char *name, struct kl_buf *out, struct kl_error *err)
{
    enum kl_code code;
    int fd;

    if (check(name, err))
        return err->code;
    fd = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0)
        return kl_fail(err, KL_BUSY, "LOAD_DIR %s: %s", directory, strerror(errno));
    fd = walk(fd, name);
    if (fd < 0)
        return fail_errno(err, name);
    code = read_all(fd, name, out, err);
    close(fd);
    return code;
}
