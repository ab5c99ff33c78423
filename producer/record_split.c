#include "record_split.h"

#include <string.h>

void record_split_init(struct record_split *s, enum split_form form, size_t max)
{
    memset(s, 0, sizeof *s);
    s->form = form;
    s->max = max;
    s->state.line = s->state.column = 1;
    kl_buf_init(&s->carry, max);
}

void record_split_fini(struct record_split *s)
{
    kl_buf_fini(&s->carry);
}

void record_split_undo(struct record_split *s, const struct split_state *before)
{
    s->state = *before;
    s->carry.len = before->kept;
}

/* ---- both forms ---- */

static void move(struct record_split *s, const char *data, size_t n)
{
    struct split_state *st = &s->state;
    const char *end = data + n, *line;

    while ((line = memchr(data, '\n', (size_t)(end - data))) != NULL) {
        st->line++;
        st->column = 1;
        data = line + 1;
    }
    st->column += end - data;
}

static void start(struct record_split *s)
{
    s->state.started = true;
    s->state.from_line = s->state.line;
    s->state.from_column = s->state.column;
}

/* Keeps a piece of a record that goes on in the next data. */
static enum split_got keep(struct record_split *s, const char *data, size_t n)
{
    struct split_state *st = &s->state;

    if (st->too_long)
        return SPLIT_MORE;
    if (st->kept + n > s->max) {
        st->too_long = true;
        return SPLIT_MORE;
    }
    s->carry.len = st->kept; /* what lies behind is of a record that is done, or undone */
    if (!kl_buf_add(&s->carry, data, n))
        return SPLIT_NO_MEMORY;
    st->kept += n;
    return SPLIT_MORE;
}

/* The record ends with the first n bytes of data. What was kept stays in the buffer, so that this can be undone. */
static enum split_got finish(struct record_split *s, const char *data, size_t n, struct split_record *record)
{
    struct split_state *st = &s->state;
    bool too_long = st->too_long || st->kept + n > s->max;

    *record = (struct split_record){ .text = data, .len = n, .line = st->from_line, .column = st->from_column };
    if (st->kept > 0 && !too_long) {
        s->carry.len = st->kept;
        if (!kl_buf_add(&s->carry, data, n))
            return SPLIT_NO_MEMORY;
        record->text = s->carry.data;
        record->len = s->carry.len;
    }
    st->kept = 0;
    st->started = st->too_long = false;
    return too_long ? SPLIT_TOO_LONG : SPLIT_RECORD;
}

static void take(const char **data, size_t *len, size_t n)
{
    *data += n;
    *len -= n;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t spaces(const char *data, size_t len)
{
    size_t n = 0;

    while (n < len && is_space(data[n]))
        n++;
    return n;
}

static enum split_got broken(const struct record_split *s, struct split_record *record, const char *why)
{
    *record = (struct split_record){ .line = s->state.line, .column = s->state.column, .why = why };
    return SPLIT_BROKEN;
}

/* ---- lines ---- */

static enum split_got next_line(struct record_split *s, const char **data, size_t *len, struct split_record *record)
{
    while (*len > 0) {
        const char *at = *data, *end;
        enum split_got got;
        size_t n;

        if (!s->state.started) {
            n = spaces(at, *len); /* a line's indent, and empty lines */
            move(s, at, n);
            take(data, len, n);
            if (*len == 0)
                break;
            start(s);
            at = *data;
        }
        end = memchr(at, '\n', *len);
        n = end ? (size_t)(end - at) : *len;
        got = end ? finish(s, at, n, record) : keep(s, at, n);
        if (got == SPLIT_NO_MEMORY)
            return got;
        take(data, len, n + (end != NULL));
        if (!end) {
            s->state.column += (int64_t)n;
            break;
        }
        s->state.line++;
        s->state.column = 1;
        return got;
    }
    return SPLIT_MORE;
}

/* ---- JSON ---- */

/* How many bytes of data belong to the element under way; *whole: its end is among them, or right behind. One value, which
 * is no array, is the whole body: what else is there the reader refuses together with it. */
static size_t element(struct split_state *st, const char *data, size_t len, bool *whole)
{
    *whole = false;
    if (st->phase == SPLIT_ONLY)
        return len;
    for (size_t i = 0; i < len; i++) {
        char c = data[i];

        if (st->in_string) {
            if (st->escaped)
                st->escaped = false;
            else if (c == '\\')
                st->escaped = true;
            else if (c == '"')
                st->in_string = false;
            continue;
        }
        if (c == '"') {
            st->in_string = true;
        } else if (c == '{' || c == '[') {
            st->depth++;
        } else if (st->depth == 0 && (c == ',' || c == ']' || c == '}')) {
            *whole = true; /* what ends it is not part of it */
            return i;
        } else if (c == '}' || c == ']') {
            st->depth--;
        }
    }
    return len;
}

/* A byte between elements: a bracket, a comma, or the first one of an element (SPLIT_RECORD). */
static enum split_got between_byte(struct record_split *s, char c, struct split_record *record)
{
    struct split_state *st = &s->state;
    bool closes = c == ',' || c == ']' || c == '}';

    switch (st->phase) {
    case SPLIT_BEHIND:
        if (c != ',' && c != ']')
            return broken(s, record, "a comma or the array's end is expected");
        st->phase = c == ',' ? SPLIT_NEXT : SPLIT_AFTER;
        return SPLIT_MORE;
    case SPLIT_AFTER:
        return broken(s, record, "there is more behind the end");
    case SPLIT_BEFORE:
        s->array = c == '[';
        st->phase = s->array ? SPLIT_FIRST : SPLIT_ONLY;
        return s->array ? SPLIT_MORE : closes ? broken(s, record, "an array or an object is expected") : SPLIT_RECORD;
    case SPLIT_FIRST:
        if (c == ']') {
            st->phase = SPLIT_AFTER;
            return SPLIT_MORE;
        }
        break;
    default:
        break;
    }
    return closes ? broken(s, record, "a record is expected") : SPLIT_RECORD;
}

static enum split_got between(struct record_split *s, const char **data, size_t *len, struct split_record *record)
{
    size_t n = spaces(*data, *len);
    enum split_got got;

    move(s, *data, n);
    take(data, len, n);
    if (*len == 0)
        return SPLIT_MORE;
    got = between_byte(s, **data, record);
    if (got == SPLIT_RECORD)
        start(s);
    if (got == SPLIT_MORE) {
        move(s, *data, 1);
        take(data, len, 1);
    }
    return got;
}

static enum split_got next_element(struct record_split *s, const char **data, size_t *len, struct split_record *record)
{
    while (*len > 0) {
        enum split_got got;
        bool whole;
        size_t n;

        if (!s->state.started) {
            got = between(s, data, len, record);
            if (got == SPLIT_BROKEN)
                return got;
            if (got == SPLIT_MORE)
                continue;
        }
        n = element(&s->state, *data, *len, &whole);
        got = whole ? finish(s, *data, n, record) : keep(s, *data, n);
        if (got == SPLIT_NO_MEMORY)
            return got;
        move(s, *data, n);
        take(data, len, n);
        if (!whole)
            continue;
        s->state.phase = SPLIT_BEHIND;
        return got;
    }
    return SPLIT_MORE;
}

/* ---- */

enum split_got record_split_next(struct record_split *s, const char **data, size_t *len, struct split_record *record)
{
    return s->form == SPLIT_LINES ? next_line(s, data, len, record) : next_element(s, data, len, record);
}

enum split_got record_split_end(struct record_split *s, struct split_record *record)
{
    struct split_state *st = &s->state;

    if (s->form == SPLIT_LINES)
        return st->started ? finish(s, "", 0, record) : SPLIT_MORE;
    if (st->phase == SPLIT_ONLY && st->started) {
        st->phase = SPLIT_AFTER;
        return finish(s, "", 0, record);
    }
    if (st->phase == SPLIT_AFTER)
        return SPLIT_MORE;
    return broken(s, record, st->phase == SPLIT_BEFORE ? "an array or an object is expected" : "the array does not end");
}
