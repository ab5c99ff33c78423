/* negotiate.h - what a client says it accepts (RFC 9110 sections 12.5 and 13.1). Pure functions of the headers'
 * texts; a header that is absent is NULL. Thread-safe. */
#ifndef NEGOTIATE_H
#define NEGOTIATE_H

#include <stdbool.h>

enum encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_BR, ENCODINGS };

/* The coding's name in headers: "gzip", "br"; NULL for identity. */
const char *encoding_name(enum encoding e);

/* The best coding for Accept-Encoding among those in available (bit 1 << e; identity always is). The highest weight
 * wins; among equals br, then gzip, then identity. A client that refuses everything gets identity all the same: a 406
 * would help nobody. */
enum encoding negotiate_encoding(const char *accept_encoding, unsigned available);

/* Does Accept name text/html with a weight above 0? Wildcards do not count: a script that asks for anything
 * must get a 404 for a missing file, not the page. */
bool negotiate_html(const char *accept);

/* Does If-None-Match name this ETag (with its quotes), or say "*"? Weak comparison, as for GET. */
bool negotiate_unchanged(const char *if_none_match, const char *etag);

#endif
