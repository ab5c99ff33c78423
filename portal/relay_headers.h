/* relay_headers.h - which header fields pass through the portal, and which end at it.
 * Functions of names and texts alone. Thread-safe. */
#ifndef RELAY_HEADERS_H
#define RELAY_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

/* Does a request's field go up to the service? Not those of one connection (RFC 9110 section 7.6.1), those that the
 * portal writes itself (Host, X-Forwarded-*), those that say who the browser is to the portal's origin (Origin,
 * Cookie), and names that are not tokens. Authorization is decided by the caller: it may be the portal's own. */
bool relay_header_goes_up(const char *name);

/* Does an answer's field come down to the browser? Not those of one connection, the length (the portal's server
 * writes it), Date and Server, cookies, and what only the portal may say about its origin: its security headers and
 * whom it shares with. name needs no NUL. */
bool relay_header_comes_down(const char *name, size_t len);

/* Does a Connection field's value name this field? Such a field is of one connection too. connection may be NULL. */
bool relay_header_listed(const char *connection, const char *name, size_t len);

/* Calls each for every "Name: value" line of an answer's head, in order; value is without blanks around it and without
 * line ends. A line without a colon is skipped. head ends with a NUL; it is written to meanwhile, and as before after. */
typedef void relay_field_fn(void *ctx, const char *name, size_t name_len, const char *value);
void relay_head_each(char *head, relay_field_fn *each, void *ctx);

#endif
