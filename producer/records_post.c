#include "gateway.h"
void records_begin(struct kl_request *r) { (void)r; }
size_t records_body(struct kl_request *r, const char *data, size_t len) { (void)r; (void)data; return len; }
void records_handle(struct kl_request *r) { struct kl_error err; kl_fail(&err, KL_NOT_FOUND, "not yet"); kl_reply_error(r, &err); }
