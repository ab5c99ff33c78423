/* multipart.c - see multipart.h. */
#include "multipart.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define BOUNDARY_MAX 70

bool multipart_is(const char *content_type)
{
    static const char type[] = "multipart/form-data";

    return content_type && !strncasecmp(content_type, type, sizeof type - 1);
}

/* The value of name= in a header's parameters, quoted or not; false: absent. Cut to size, *whole says whether it fitted. */
static bool parameter(const char *text, size_t len, const char *name, char *out, size_t size, bool *whole)
{
    size_t name_len = strlen(name), n = 0;
    const char *end = text + len;

    *whole = true;
    for (const char *at = text; at + name_len + 1 < end; at++) {
        bool quoted;

        if (strncasecmp(at, name, name_len) || at[name_len] != '=' || (at > text && !strchr("; \t", at[-1])))
            continue;
        at += name_len + 1;
        quoted = *at == '"';
        at += quoted;
        for (; at < end && (quoted ? *at != '"' : !strchr("; \t\r\n", *at)); at++) {
            if (quoted && *at == '\\' && at + 1 < end && (at[1] == '"' || at[1] == '\\'))
                at++;
            *whole = n + 1 < size;
            if (*whole)
                out[n++] = *at;
        }
        out[n] = '\0';
        return true;
    }
    return false;
}

enum kl_code multipart_begin(struct multipart *m, const char *content_type, const char *body, size_t len, struct kl_error *err)
{
    bool whole;

    *m = (struct multipart){ .mark = "--", .end = body + len };
    if (!parameter(content_type, strlen(content_type), "boundary", m->mark + 2, BOUNDARY_MAX + 1, &whole) || !m->mark[2] || !whole)
        return kl_fail_field(err, KL_INVALID, "Content-Type", "multipart/form-data wants a boundary of 1 to %d characters", BOUNDARY_MAX);
    m->mark_len = strlen(m->mark);
    m->at = memmem(body, len, m->mark, m->mark_len);
    if (!m->at)
        return kl_fail(err, KL_INVALID, "the body does not hold its boundary");
    m->at += m->mark_len;
    return KL_OK;
}

/* What somebody calls a file on their machine is a name here: folders are left out, as browsers do. */
static void keep_last_step(char *name)
{
    char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
    char *last = slash > back ? slash : back;

    if (last)
        memmove(name, last + 1, strlen(last + 1) + 1);
}

static enum kl_code read_header(struct multipart_part *part, const char *line, size_t len, struct kl_error *err)
{
    static const char disposition[] = "Content-Disposition:", type[] = "Content-Type:";
    bool whole;

    if (len >= sizeof disposition - 1 && !strncasecmp(line, disposition, sizeof disposition - 1)) {
        if (parameter(line, len, "filename", part->filename, sizeof part->filename, &whole) && !whole)
            return kl_fail_limit(err, KL_TOO_LARGE, "filename", MULTIPART_NAME_MAX, "a file's name is longer than %d bytes", MULTIPART_NAME_MAX);
        keep_last_step(part->filename);
    } else if (len >= sizeof type - 1 && !strncasecmp(line, type, sizeof type - 1)) {
        line += sizeof type - 1;
        len -= sizeof type - 1;
        for (; len > 0 && (*line == ' ' || *line == '\t'); len--)
            line++;
        len = len < MULTIPART_TYPE_MAX ? len : MULTIPART_TYPE_MAX;
        memcpy(part->type, line, len);
        part->type[len] = '\0';
    }
    return KL_OK;
}

/* Up to and with the empty line. */
static enum kl_code read_head(struct multipart *m, struct multipart_part *part, struct kl_error *err)
{
    for (;;) {
        const char *line_end = memmem(m->at, (size_t)(m->end - m->at), "\r\n", 2);
        const char *line = m->at;

        if (!line_end)
            return kl_fail(err, KL_INVALID, "part %d has no end of its head", m->parts + 1);
        m->at = line_end + 2;
        if (line_end == line)
            return KL_OK;
        if (memchr(line, '\0', (size_t)(line_end - line)))
            return kl_fail(err, KL_INVALID, "part %d has a NUL byte in its head", m->parts + 1);
        if (read_header(part, line, (size_t)(line_end - line), err))
            return err->code;
    }
}

/* The next "\r\n--boundary". */
static const char *find_end(const struct multipart *m)
{
    const char *from = m->at - 2; /* an empty part: the line's end before its boundary is the head's */

    for (;;) {
        const char *found = memmem(from, (size_t)(m->end - from), m->mark, m->mark_len);

        if (!found || (found - from >= 2 && found[-2] == '\r' && found[-1] == '\n'))
            return found;
        from = found + 1;
    }
}

enum kl_code multipart_next(struct multipart *m, struct multipart_part *part, bool *more, struct kl_error *err)
{
    const char *found;

    *more = false;
    part->filename[0] = part->type[0] = '\0';
    if (m->end - m->at >= 2 && !memcmp(m->at, "--", 2))
        return KL_OK;
    if (m->parts == MULTIPART_PARTS_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "", MULTIPART_PARTS_MAX, "the body has more than %d parts", MULTIPART_PARTS_MAX);
    for (; m->at < m->end && (*m->at == ' ' || *m->at == '\t'); m->at++)
        ;
    if (m->end - m->at < 2 || memcmp(m->at, "\r\n", 2))
        return kl_fail(err, KL_INVALID, "a boundary is not the end of its line, behind part %d", m->parts);
    m->at += 2;
    if (read_head(m, part, err))
        return err->code;
    found = find_end(m);
    if (!found)
        return kl_fail(err, KL_INVALID, "part %d has no end", m->parts + 1);
    part->data = m->at;
    part->len = found - m->at >= 2 ? (size_t)(found - m->at - 2) : 0;
    m->at = found + m->mark_len;
    m->parts++;
    *more = true;
    return KL_OK;
}
