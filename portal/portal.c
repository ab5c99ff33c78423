/* portal.c - opens and closes what the endpoints need. */
#include "portal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "relay_metrics.h"

#define LAST_WORDS_MS 500 /* for the 503s of calls that a stop has ended to be written */

/* Where the UI is when no setting says so: in a checkout, three folders above build/<variant>/bin; else below the
 * working directory. */
static void ui_dir_default(char *out, size_t size)
{
    static const char below[] = "portal/ui/dist";
    char binary[4096 - 64];
    ssize_t len = readlink("/proc/self/exe", binary, sizeof binary - 1);

    for (int up = 0; len > 0 && up < 4; up++) { /* the binary's own name, then three folders */
        while (len > 0 && binary[len - 1] != '/')
            len--;
        if (len > 0)
            len--;
    }
    snprintf(out, size, "%.*s/%s", (int)(len > 0 ? len : 0), binary, below);
    if (len <= 0 || access(out, R_OK))
        snprintf(out, size, "%s", below);
}

/* A UI that cannot be served is told by /readyz and by the page; the services stay reachable. */
static void ui_open(struct portal *p)
{
    struct kl_error err;
    char dir[4096];

    if (portal_conf.ui_dir)
        snprintf(dir, sizeof dir, "%s", portal_conf.ui_dir);
    else
        ui_dir_default(dir, sizeof dir);
    if (assets_open(&p->assets, dir, &err)) {
        snprintf(p->ui_why, sizeof p->ui_why, "the UI is not there (%s): build it (npm ci and npm run build in portal/ui) and start the portal again", err.text);
        kl_warn("the UI cannot be served; build it, or set UI_DIR", KL_S("dir", dir), KL_S("why", err.text));
        return;
    }
    kl_info("UI loaded", KL_S("dir", dir), KL_I("files", assets_count(p->assets)), KL_I("bytes", assets_bytes(p->assets)));
}

static enum kl_code token_read(char *out, size_t size, const char *path, struct kl_error *err)
{
    FILE *f = fopen(path, "re");
    size_t len;

    if (!f)
        return kl_fail_field(err, KL_INVALID, "UPSTREAM_TOKEN_FILE", "UPSTREAM_TOKEN_FILE: %s: %s", path, strerror(errno));
    len = fread(out, 1, size - 1, f);
    fclose(f);
    while (len > 0 && isspace((unsigned char)out[len - 1]))
        len--;
    out[len] = '\0';
    for (size_t i = 0; i < len; i++)
        if (out[i] <= ' ' || out[i] > '~')
            len = 0;
    if (len == 0 || len == size - 1)
        return kl_fail_field(err, KL_INVALID, "UPSTREAM_TOKEN_FILE", "UPSTREAM_TOKEN_FILE: %s holds no token", path);
    return KL_OK;
}

static void relays_init(struct portal *p)
{
    p->relays.upstreams = &p->upstreams;
    p->relays.max = portal_conf.relays_max;
    p->relays.timeout_ms = portal_conf.timeout_ms;
    p->relays.token = portal_conf.upstream_token_file ? p->token : NULL;
    p->relays.guarded = portal_conf.common.token_file != NULL;
}

enum kl_code portal_open(struct portal *p, struct kl_error *err)
{
    enum kl_code code;

    *p = (struct portal){ 0 };
    code = upstreams_init(&p->upstreams, portal_conf.urls, err);
    if (!code && portal_conf.upstream_token_file)
        code = token_read(p->token, sizeof p->token, portal_conf.upstream_token_file, err);
    if (!code)
        code = loop_start(&p->relays.loop, RELAY_KEEP_MAX, err);
    if (code) {
        portal_close(p);
        return code;
    }
    relays_init(p);
    ui_open(p);
    return KL_OK;
}

void portal_abort(struct portal *p, struct kl_http *http)
{
    atomic_store(&p->relays.stopping, true);
    loop_abort(p->relays.loop);
    kl_http_refuse(http, LAST_WORDS_MS);
}

void portal_close(struct portal *p)
{
    loop_stop(p->relays.loop);
    assets_close(p->assets);
    upstreams_fini(&p->upstreams);
}

/* The services behind the portal are no part of its readiness: GET /api/health tells of them (health_get.c). */
static bool ui_ready(void *ctx, char *why, size_t why_size)
{
    const struct portal *p = ctx;

    if (!p->assets)
        snprintf(why, why_size, "%s", p->ui_why);
    return p->assets != NULL;
}

const struct kl_check portal_checks[] = { { "ui", ui_ready }, { 0 } };
