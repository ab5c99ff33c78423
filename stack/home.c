/* home.c - see home.h. */
#include "home.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"

#define LOCK  "stack.lock"
#define STATE "stack.state"
#define SPARE "stack.state.new"
#define STATE_MAX_BYTES 4096 /* eight services, a line of a hundred characters each */

/* ---- directories ---- */

/* As mkdir -p: the person named the path, its parents may be missing. */
static enum kl_code make_path(const char *path, struct kl_error *err)
{
    char upto[PATH_MAX];
    size_t i;

    snprintf(upto, sizeof upto, "%s", path);
    for (i = 1; upto[i - 1]; i++) {
        if (upto[i] != '/' && upto[i] != '\0')
            continue;
        upto[i] = '\0';
        if (mkdir(upto, 0755) != 0 && errno != EEXIST)
            return kl_fail(err, KL_BROKEN, "cannot make %s: %s", upto, strerror(errno));
        upto[i] = path[i];
    }
    return KL_OK;
}

enum kl_code home_find(struct home *h, const char *path, struct kl_error *err)
{
    int at = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum kl_code code = KL_OK;

    *h = (struct home){ .run = -1, .log = -1, .lock = -1 };
    if (at >= 0) {
        h->run = openat(at, "run", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        h->log = openat(at, "log", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (h->run < 0 || h->log < 0)
        code = kl_fail(err, errno == ENOENT ? KL_NOT_FOUND : KL_BROKEN, "cannot use %s: %s", path, strerror(errno));
    if (at >= 0)
        close(at);
    if (code)
        home_close(h);
    return code;
}

enum kl_code home_open(struct home *h, const char *path, struct kl_error *err)
{
    static const char *const parts[] = { "", "/run", "/log", "/consumer" };
    char part[PATH_MAX];
    enum kl_code code = KL_OK;
    size_t i;

    *h = (struct home){ .run = -1, .log = -1, .lock = -1 };
    for (i = 0; !code && i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(part, sizeof part, "%s%s", path, parts[i]);
        code = make_path(part, err);
    }
    return code ? code : home_find(h, path, err);
}

void home_close(struct home *h)
{
    if (h->lock >= 0) {
        unlinkat(h->run, STATE, 0);
        unlinkat(h->run, SPARE, 0);
        unlinkat(h->run, LOCK, 0); /* before it is given up: whoever waits for it looks again (is_current) */
        close(h->lock);
    }
    if (h->run >= 0)
        close(h->run);
    if (h->log >= 0)
        close(h->log);
    *h = (struct home){ .run = -1, .log = -1, .lock = -1 };
}

/* ---- the lock ---- */

/* Is what we locked still the file of that name? Its last owner may have removed it between our open and our lock. */
static bool is_current(const struct home *h, int fd)
{
    struct stat ours, named;

    return fstat(fd, &ours) == 0 && fstatat(h->run, LOCK, &named, 0) == 0 && ours.st_ino == named.st_ino;
}

enum kl_code home_lock(struct home *h, struct kl_error *err)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd;

    for (;;) {
        fd = openat(h->run, LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0)
            return kl_fail(err, KL_BROKEN, "cannot open run/" LOCK ": %s", strerror(errno));
        if (fcntl(fd, F_SETLK, &whole) != 0) {
            close(fd);
            return kl_fail(err, KL_CONFLICT, "a stack runs here already, process %d", (int)home_holder(h));
        }
        if (is_current(h, fd))
            break;
        close(fd);
    }
    h->lock = fd;
    return KL_OK;
}

pid_t home_holder(const struct home *h)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = openat(h->run, LOCK, O_RDWR | O_CLOEXEC);
    pid_t pid = 0;

    if (fd < 0)
        return 0;
    if (fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK)
        pid = whole.l_pid;
    close(fd);
    return pid;
}

/* ---- the state: a line for the stack, a line a service ---- */

static const char *const state_names[SLOT_STATES] = {
    [SLOT_WAITING] = "waiting", [SLOT_STARTING] = "starting", [SLOT_READY] = "ready", [SLOT_UNREADY] = "unready",
    [SLOT_BACKOFF] = "restarting", [SLOT_DOWN] = "down", [SLOT_STOPPED] = "stopped",
};

const char *slot_state_name(enum slot_state state)
{
    return state_names[state];
}

/* A file that was replaced is kept, and written over for the next one: so there is room for a state on a full disk. */
static bool write_whole(const struct home *h, const struct kl_buf *text)
{
    int fd = openat(h->run, SPARE, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    bool whole;

    if (fd < 0)
        return false;
    whole = write(fd, text->data, text->len) == (ssize_t)text->len && ftruncate(fd, (off_t)text->len) == 0;
    close(fd);
    /* The second: there is none to exchange it with, or a file system that cannot. */
    return whole && (renameat2(h->run, SPARE, h->run, STATE, RENAME_EXCHANGE) == 0 || renameat(h->run, SPARE, h->run, STATE) == 0);
}

bool home_write_state(const struct home *h, const struct state *s)
{
    struct kl_buf text;
    bool written;
    int i;

    kl_buf_init(&text, STATE_MAX_BYTES);
    kl_buf_addf(&text, "stack %d %d %u %" PRId64 "\n", (int)s->supervisor, s->phase, s->round, s->roundtrip_us);
    for (i = 0; i < s->slots_n; i++) {
        const struct slot_view *v = &s->slots[i];

        kl_buf_addf(&text, "%s %d %d %" PRId64 " %" PRId64 " %zu\n", v->name, v->state, (int)v->pid, v->started_us, v->port, v->restarts);
    }
    written = !text.failed && write_whole(h, &text);
    kl_buf_fini(&text);
    return written;
}

static bool parse_slot(const char *line, struct slot_view *v)
{
    int state, pid;

    if (sscanf(line, "%15s %d %d %" SCNd64 " %" SCNd64 " %zu", v->name, &state, &pid, &v->started_us, &v->port, &v->restarts) != 6)
        return false;
    v->state = (enum slot_state)state;
    v->pid = pid;
    return state >= 0 && state < SLOT_STATES;
}

bool home_read_state(const struct home *h, struct state *s)
{
    char line[256];
    int fd = openat(h->run, STATE, O_RDONLY | O_CLOEXEC);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
    int supervisor = 0, phase = 0;
    bool good;

    memset(s, 0, sizeof *s);
    if (!f)
        return false;
    good = fgets(line, sizeof line, f) && sscanf(line, "stack %d %d %u %" SCNd64, &supervisor, &phase, &s->round, &s->roundtrip_us) == 4;
    s->supervisor = supervisor;
    s->phase = (enum phase)phase;
    while (good && s->slots_n < SERVICES_MAX && fgets(line, sizeof line, f))
        good = parse_slot(line, &s->slots[s->slots_n++]);
    fclose(f);
    return good;
}
