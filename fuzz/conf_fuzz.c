/* Any bytes as a --config file: they load, or the error says why. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf.h"
#include "fuzz.h"

struct conf {
    const char *text;
    int64_t     number, time_ms, size_bytes;
    bool        yes;
};

static const struct kl_setting settings[] = {
    { "TEXT", KL_STR, offsetof(struct conf, text), NULL, 0, 32, "a text", "OLD_TEXT" },
    { "NUMBER", KL_INT, offsetof(struct conf, number), "1", -9, 9, "a number", NULL },
    { "TIME", KL_MS, offsetof(struct conf, time_ms), "1s", 0, INT64_MAX, "a time", NULL },
    { "SIZE", KL_BYTES, offsetof(struct conf, size_bytes), "1k", 0, INT64_MAX, "a size", NULL },
    { "YES", KL_BOOL, offsetof(struct conf, yes), "no", 0, 0, "yes or no", NULL },
    KL_SETTING_END
};

/* A file in memory, the same one for every input. */
static const char *file_of(const uint8_t *data, size_t len)
{
    static char path[64];
    static int fd = -1;

    if (fd < 0) {
        fd = memfd_create("conf", 0);
        kl_assert(fd >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    kl_assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, len, 0) == (ssize_t)len);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct kl_conf_source source = { .file = file_of(data, len) };
    struct conf conf = { 0 };
    struct kl_error err = { 0 };
    enum kl_code code = kl_conf_load(settings, &conf, &source, &err);

    kl_assert(code == KL_OK || (err.code == code && err.text[0]));
    if (code == KL_OK) {
        kl_assert(!conf.text || strlen(conf.text) <= 32);
        kl_assert(conf.number >= -9 && conf.number <= 9 && conf.time_ms >= 0 && conf.size_bytes >= 0);
    }
    kl_conf_free();
    clearenv(); /* KAFKA_* names went there */
    return 0;
}
