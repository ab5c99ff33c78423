/* take.c - see take.h. */
#include "take.h"

#include <malloc.h>

#include "extract.h"
#include "seer.h"
#include "text.h"

static struct index_document document_of(const struct take *t, enum extract_kind kind, const char *text, size_t len)
{
    return (struct index_document){ .source = t->source, .title = t->title, .tags = t->tags, .type = extract_kind_name(kind), .text = text,
                                    .len = len, .bytes = (int64_t)t->len, .progress = t->progress, .progress_ctx = t->progress_ctx };
}

/* What a large document took in many small pieces (JSON is a tree while it is read) stays with the process, unless the C
 * library is told to give it back. */
#define TRIM_FROM (1 << 20)

/* Plain text is kept byte for byte, so it is not copied. */
static bool kept_as_it_is(enum extract_kind kind) { return kind == EXTRACT_TEXT || kind == EXTRACT_MARKDOWN; }

enum kl_code take_document(struct seer *s, const struct take *t, struct index_put *out, struct kl_error *err)
{
    struct index_document doc;
    enum extract_kind kind;
    enum kl_code code = extract_kind(t->content_type, t->source, t->body, t->len, &kind, err);
    struct kl_buf text;

    if (code)
        return code;
    kl_buf_init(&text, (size_t)s->conf->document_max_bytes);
    if (kept_as_it_is(kind)) {
        doc = document_of(t, kind, t->body, t->len);
        code = text_check(t->body, t->len, err);
    } else {
        code = extract(kind, t->body, t->len, &text, err);
        doc = document_of(t, kind, text.data ? text.data : "", text.len);
    }
    if (!code)
        code = index_put(s->index, &doc, out, err);
    kl_buf_fini(&text);
    if (t->len > TRIM_FROM)
        malloc_trim(0);
    return code;
}

enum kl_code take_statement(struct seer *s, const struct take *t, struct index_put *out, struct kl_error *err)
{
    struct index_document doc = document_of(t, EXTRACT_TEXT, t->body, t->len);

    if (text_check(t->body, t->len, err))
        return err->code;
    return index_accept(s->index, &doc, out, err);
}
