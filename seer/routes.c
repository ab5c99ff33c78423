#include "endpoints.h"
#include "search.h"
#include "seer.h"

/* A statement is a note; what is longer is a document. */
static const int64_t statement_max_bytes = 256 * 1024;

/* A thousand of the longest names. */
static const int64_t names_max_bytes = 1024 * 1024;

/* A question in JSON, all of it escaped, and its filters. */
static const int64_t question_max_bytes = 6 * SEARCH_TEXT_MAX + 16 * 1024;

const struct kl_route seer_routes[] = {
    { "POST", "/accept", &statement_max_bytes, accept_post, NULL, NULL, KL_ROUTE_CHANGES, "title, source, tags" },
    { "POST", "/load", &names_max_bytes, load_post, NULL, NULL, KL_ROUTE_CHANGES | KL_ROUTE_STREAM, "" },
    { "GET", "/documents", NULL, documents_get, .query = "kind, source, limit, before" },
    { "PUT", "/documents", &seer_conf.document_max_bytes, documents_put, documents_begin, NULL, KL_ROUTE_CHANGES, "source, title, tags" },
    { "GET", "/documents/{id}", NULL, document_get, .query = "from, to" },
    { "DELETE", "/documents/{id}", NULL, document_delete, NULL, NULL, KL_ROUTE_CHANGES, "" },
    { "GET", "/search", NULL, search_get, .query = "q, mode, topic, source, since, k" },
    { "GET", "/ask", &question_max_bytes, ask_get, .query = "q, topic, source, since, k" },
    { "POST", "/ask", &question_max_bytes, ask_get, .query = "topic, source, since, k" }, /* asks, changes nothing */
    { "GET", "/topics", NULL, topics_get, .query = "" },
    { "POST", "/topics", &names_max_bytes, topics_post, NULL, NULL, KL_ROUTE_CHANGES, "" },
    { "GET", "/status", NULL, status_get, .query = "" },
    { NULL },
};
