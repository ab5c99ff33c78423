/* extract_internal.h - the forms that have a file of their own. Each appends to text, unchecked: extract() looks at
 * text->failed at the end. The body is text already (text_check). */
#ifndef SEER_EXTRACT_INTERNAL_H
#define SEER_EXTRACT_INTERNAL_H

#include "extract.h"

KL_MUST_CHECK enum kl_code extract_json(const char *body, size_t len, struct kl_buf *text, struct kl_error *err);
KL_MUST_CHECK enum kl_code extract_ndjson(const char *body, size_t len, struct kl_buf *text, struct kl_error *err);
KL_MUST_CHECK enum kl_code extract_csv(const char *body, size_t len, struct kl_buf *text, struct kl_error *err);
KL_MUST_CHECK enum kl_code extract_html(const char *body, size_t len, struct kl_buf *text, struct kl_error *err);

/* Could the body be JSON, NDJSON? Reads no more than its first value, its first line. */
bool extract_looks_like_json(const char *body, size_t len);
bool extract_looks_like_ndjson(const char *body, size_t len);

/* An empty line before what is appended next, when there is something before it. */
void extract_paragraph(struct kl_buf *text);

/* A value that comes out of a form: what is no text (NUL, control characters) becomes a space. */
void extract_value(struct kl_buf *text, const char *value, size_t len);

#endif
