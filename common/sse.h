/* sse.h - one server-sent event as bytes, as the HTML standard (section 9.2) wants them. */
#ifndef KL_SSE_H
#define KL_SSE_H

#include "buf.h"

#define KL_SSE_TYPE "text/event-stream; charset=utf-8"

/* Appends `id:`, `event:`, `data:` lines and the blank line. id and event may be NULL. data is split at
 * CRLF, LF and CR, a line each, so a reader gets LF between them; data NULL: no data line (an id-only
 * event, which moves the client's last id without dispatching anything). NULs in id make it void, so
 * callers never pass them. */
bool kl_sse_event(struct kl_buf *b, const char *id, const char *event, const char *data, size_t len);
bool kl_sse_comment(struct kl_buf *b, const char *text); /* ": text", the heartbeat */
bool kl_sse_retry(struct kl_buf *b, int64_t ms);

#endif
