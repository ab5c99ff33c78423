/* An embeddings endpoint's answer gives a row for each text, or nothing. The first byte says how many texts there were.
 * sources: seer/embedder_endpoint.c seer/vectors.c seer/vectors_dot.c
 */
#include "fuzz.h"
#include "seer/embedder_endpoint.h"

#define ROWS_BYTES_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct kl_buf rows;
    struct kl_error err;
    size_t n, dims;

    if (len == 0)
        return 0;
    n = 1 + data[0] % EMBEDDER_BATCH_MAX;
    kl_buf_init(&rows, ROWS_BYTES_MAX);
    kl_buf_addc(&rows, '!');
    if (endpoint_read("http://host", (const char *)data + 1, len - 1, n, &dims, &rows, &err) == KL_OK)
        kl_assert(rows.len == 1 + n * dims);
    else
        kl_assert(rows.len == 1 && err.text[0] != '\0');
    kl_buf_fini(&rows);
    return 0;
}
