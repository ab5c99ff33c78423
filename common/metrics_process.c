/* metrics_process.c - what Linux and the build tell of this process, under the names Prometheus' own clients use. */
#include "metrics_process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "version.h"

/* /proc/self/stat, proc(5). The second field is the program's name and may hold anything, so counting starts behind
 * its last bracket. */
struct stat_fields {
    uint64_t cpu_ticks;
    uint64_t start_ticks; /* since the machine's start */
    uint64_t rss_pages;
};

static bool read_stat(struct stat_fields *s)
{
    char text[1024];
    FILE *f = fopen("/proc/self/stat", "re");
    uint64_t user, system;
    size_t len;
    char *at;

    if (!f)
        return false;
    len = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[len] = '\0';
    at = strrchr(text, ')');
    if (!at || sscanf(at + 1,
                      " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64
                      " %*d %*d %*d %*d %*d %*d %" SCNu64 " %*u %" SCNu64,
                      &user, &system, &s->start_ticks, &s->rss_pages) != 4)
        return false;
    s->cpu_ticks = user + system;
    return true;
}

/* When the machine started, in seconds since 1970; 0: not known. */
static uint64_t boot_time_s(void)
{
    char line[256];
    FILE *f = fopen("/proc/stat", "re");
    uint64_t boot_s = 0;

    if (!f)
        return 0;
    while (boot_s == 0 && fgets(line, sizeof line, f))
        sscanf(line, "btime %" SCNu64, &boot_s);
    fclose(f);
    return boot_s;
}

static int64_t open_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int64_t n = -3; /* ".", ".." and the directory itself */

    if (!dir)
        return 0;
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void add(struct kl_buf *out, const char *name, const char *type, const char *help, double value)
{
    kl_buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name, value);
}

static void add_stat(struct kl_buf *out)
{
    double ticks_a_second = (double)sysconf(_SC_CLK_TCK);
    struct stat_fields s;

    if (!read_stat(&s))
        return;
    add(out, "process_resident_memory_bytes", "gauge", "Memory in RAM.",
        (double)s.rss_pages * (double)sysconf(_SC_PAGESIZE));
    add(out, "process_cpu_seconds_total", "counter", "CPU time, user and system.", (double)s.cpu_ticks / ticks_a_second);
    add(out, "process_start_time_seconds", "gauge", "When the process started, since 1970.",
        (double)boot_time_s() + (double)s.start_ticks / ticks_a_second);
}

static void add_fds(struct kl_buf *out)
{
    struct rlimit limit;

    add(out, "process_open_fds", "gauge", "Open file descriptors.", (double)open_fds());
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        add(out, "process_max_fds", "gauge", "How many may be open.", (double)limit.rlim_cur);
}

/* kl_version() is "0.1.0 (abc1234)". */
static void add_build(struct kl_buf *out)
{
    const char *version = kl_version();
    int version_len = (int)strcspn(version, " ");
    const char *commit = strchr(version, '(');

    kl_buf_addf(out,
                "# HELP kafkloud_build_info What runs here.\n# TYPE kafkloud_build_info gauge\n"
                "kafkloud_build_info{version=\"%.*s\",commit=\"%.*s\"} 1\n",
                version_len, version, commit ? (int)strcspn(commit + 1, ")") : 0, commit ? commit + 1 : "");
}

void kl_metrics_process(struct kl_buf *out)
{
    add_stat(out);
    add_fds(out);
    add_build(out);
}
