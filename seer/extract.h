/* extract.h - the text of a document or a message, whatever form it comes in.
 *
 *     plain text, Markdown   kept byte for byte, so that spans and lines are those of the file
 *     HTML                   title and body, a paragraph a block; no scripts, no styles, entities decoded
 *     JSON                   a line a field: `order.lines[0].sku: A-17`; arrays of scalars joined by commas
 *     NDJSON                 the same, a paragraph a record
 *     CSV                    a paragraph a row, with the header's names: `name: Anna, town: Moscow`
 *
 * Pure; any thread. */
#ifndef SEER_EXTRACT_H
#define SEER_EXTRACT_H

#include "buf.h"

enum extract_kind { EXTRACT_TEXT, EXTRACT_MARKDOWN, EXTRACT_HTML, EXTRACT_JSON, EXTRACT_NDJSON, EXTRACT_CSV, EXTRACT_KINDS };

/* The forms, as a person names them in an error or a help text. */
#define EXTRACT_TAKEN "text/plain, text/markdown, text/html, application/json, application/x-ndjson, text/csv"

#define EXTRACT_DEPTH_MAX   64    /* of nested JSON; deeper is no record anybody wrote */
#define EXTRACT_PATH_MAX    1024  /* bytes of a field's path */
#define EXTRACT_VALUE_MAX   (8 << 20) /* bytes of one JSON value, which takes some ten times that of memory while it is read */
#define EXTRACT_COLUMNS_MAX 1024  /* of a CSV file */

/* The form: what content_type says, else the ending of name, else a look at the body. Either may be NULL or "". Types that
 * say nothing (application/octet-stream, curl's form default) count as none; every text/... that has no row of its own is
 * plain text. KL_UNSUPPORTED: another type, or another charset than UTF-8; the error names what is taken. */
KL_MUST_CHECK enum kl_code extract_kind(const char *content_type, const char *name, const char *body, size_t len,
                                        enum extract_kind *out, struct kl_error *err);

/* "text", "markdown", "html", "json", "ndjson", "csv". */
const char *extract_kind_name(enum extract_kind kind);

/* Appends the text of body, which is UTF-8 and text afterwards (text_check). KL_INVALID: the body is not text or not of
 * this form; err->line says where when that is known. KL_TOO_LARGE: the text passes its buffer's maximum. On failure text
 * is as before. */
KL_MUST_CHECK enum kl_code extract(enum extract_kind kind, const char *body, size_t len, struct kl_buf *text, struct kl_error *err);

/* The same of a Kafka message's value: JSON by its fields, other text as it is. content_type (a header's value, NULL when
 * it has none) may name another form. KL_NOT_FOUND: it holds no words (binary, empty, a tombstone: value NULL). */
KL_MUST_CHECK enum kl_code extract_message(const char *value, size_t len, const char *content_type, struct kl_buf *text,
                                           struct kl_error *err);

#endif
