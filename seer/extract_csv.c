#include <string.h>

#include "extract_internal.h"

/* A CSV file (RFC 4180, or with semicolons or tabs) that is read cell by cell. */
struct csv {
    const char    *body;
    size_t         len, at;
    char           separator;
    int32_t        line;
    struct kl_buf  cell;                       /* the last one that was read */
    struct kl_buf  names;                      /* the header's, one behind the other */
    size_t         name_at[EXTRACT_COLUMNS_MAX + 1]; /* name n is names[name_at[n], name_at[n + 1]) */
    size_t         columns;
};

/* The separator is what the header line has most of. */
static char separator_of(const char *body, size_t len)
{
    static const char separators[] = ",;\t";
    const char *newline = memchr(body, '\n', len);
    size_t end = newline ? (size_t)(newline - body) : len, best_count = 0;
    char best = ',';

    for (const char *s = separators; *s; s++) {
        size_t count = 0;

        for (size_t i = 0; i < end; i++)
            count += body[i] == *s;
        if (count > best_count) {
            best_count = count;
            best = *s;
        }
    }
    return best;
}

static enum kl_code fail_at(int32_t line, struct kl_error *err, const char *why)
{
    kl_fail(err, KL_INVALID, "line %d: no CSV: %s", line, why);
    if (err)
        err->line = line;
    return KL_INVALID;
}

/* Behind its opening quote; takes the closing one. A quote inside is written twice. */
static enum kl_code read_quoted(struct csv *c, struct kl_error *err)
{
    int32_t from = c->line;

    for (; c->at < c->len; c->at++) {
        char byte = c->body[c->at];

        if (byte == '"') {
            c->at++;
            if (c->at == c->len || c->body[c->at] != '"')
                return KL_OK;
        }
        c->line += byte == '\n';
        kl_buf_addc(&c->cell, byte);
    }
    return fail_at(from, err, "a quote is not closed");
}

/* Reads the next cell; *last: its row ends behind it. */
static enum kl_code read_cell(struct csv *c, bool *last, struct kl_error *err)
{
    size_t from;

    kl_buf_clear(&c->cell);
    if (c->at < c->len && c->body[c->at] == '"') {
        enum kl_code code;

        c->at++;
        code = read_quoted(c, err);
        if (code)
            return code;
    }
    from = c->at;
    while (c->at < c->len && c->body[c->at] != c->separator && c->body[c->at] != '\n')
        c->at++;
    kl_buf_add(&c->cell, c->body + from, c->at - from);
    *last = c->at == c->len || c->body[c->at] == '\n';
    c->line += c->at < c->len && *last;
    c->at += c->at < c->len;
    if (c->cell.failed)
        return kl_fail(err, KL_BUSY, "no memory for a CSV file's cell");
    while (c->cell.len > 0 && strchr(" \t\r\n", c->cell.data[c->cell.len - 1]))
        kl_buf_cut(&c->cell, c->cell.len - 1);
    return KL_OK;
}

static enum kl_code read_header(struct csv *c, struct kl_error *err)
{
    bool last = false;

    while (!last) {
        enum kl_code code = read_cell(c, &last, err);

        if (code)
            return code;
        if (c->columns == EXTRACT_COLUMNS_MAX)
            return kl_fail_limit(err, KL_INVALID, "", EXTRACT_COLUMNS_MAX, "more than %d columns", EXTRACT_COLUMNS_MAX);
        if (!kl_buf_add(&c->names, c->cell.data, c->cell.len))
            return kl_fail(err, KL_BUSY, "no memory for a CSV file's header");
        c->name_at[++c->columns] = c->names.len;
    }
    return KL_OK;
}

/* "name: value", a comma before it when it is not the row's first; nothing for an empty cell. */
static void add_cell(const struct csv *c, size_t column, bool *first, struct kl_buf *text)
{
    size_t from = column < c->columns ? c->name_at[column] : 0, to = column < c->columns ? c->name_at[column + 1] : 0;

    if (c->cell.len == 0)
        return;
    if (*first)
        extract_paragraph(text);
    else
        kl_buf_adds(text, ", ");
    *first = false;
    if (to > from) {
        kl_buf_add(text, c->names.data + from, to - from);
        kl_buf_adds(text, ": ");
    }
    extract_value(text, c->cell.data, c->cell.len);
}

static enum kl_code add_row(struct csv *c, struct kl_buf *text, struct kl_error *err)
{
    bool first = true, last = false;

    for (size_t column = 0; !last; column++) {
        enum kl_code code = read_cell(c, &last, err);

        if (code)
            return code;
        add_cell(c, column, &first, text);
    }
    return KL_OK;
}

static enum kl_code read_all(struct csv *c, struct kl_buf *text, struct kl_error *err)
{
    enum kl_code code = read_header(c, err);

    if (!code && c->at == c->len)
        kl_buf_add(text, c->body, c->len); /* nothing but a header: it is what there is */
    while (!code && c->at < c->len && !text->failed)
        code = add_row(c, text, err);
    return code;
}

enum kl_code extract_csv(const char *body, size_t len, struct kl_buf *text, struct kl_error *err)
{
    size_t bom = len >= 3 && memcmp(body, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct csv c = { .body = body + bom, .len = len - bom, .line = 1 };
    enum kl_code code;

    c.separator = separator_of(c.body, c.len);
    kl_buf_init(&c.cell, len);
    kl_buf_init(&c.names, len);
    code = read_all(&c, text, err);
    kl_buf_fini(&c.cell);
    kl_buf_fini(&c.names);
    return code;
}
