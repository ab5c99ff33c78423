/* GET /status - what the index holds, and what it is searched with. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "embedder.h"
#include "endpoints.h"
#include "index.h"
#include "llm.h"
#include "readers.h"
#include "seer.h"
#include "vectors.h"
#include "work.h"
#include "write.h"

static int64_t memory_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    long long pages = 0;

    if (!f)
        return 0;
    if (fscanf(f, "%*d %lld", &pages) != 1)
        pages = 0;
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

static void write_embedder(struct kl_buf *b, struct seer *s)
{
    struct kl_error why;
    size_t dims = s->embedder ? embedder_dims(s->embedder) : 0;
    bool works = s->embedder && embedder_state(s->embedder, &why);

    kl_buf_addf(b, "\"embedder\":{\"kind\":\"%s\",", !s->embedder ? "none" : s->conf->embeddings_url ? "endpoint" : "table");
    write_text(b, "model", s->embedder ? embedder_name(s->embedder) : NULL);
    if (dims > 0)
        kl_buf_addf(b, ",\"dims\":%zu,", dims);
    else
        kl_buf_adds(b, ",\"dims\":null,");
    write_text(b, "why", !s->embedder ? s->embedder_why.text : works ? NULL : why.text);
    kl_buf_adds(b, "},");
}

static void write_llm(struct kl_buf *b, struct seer *s)
{
    char why[256];

    if (!s->llm) {
        kl_buf_adds(b, "\"llm\":null,");
        return;
    }
    kl_buf_adds(b, "\"llm\":{");
    write_text(b, "model", llm_model(s->llm));
    kl_buf_addc(b, ',');
    write_text(b, "why", llm_state(s->llm, why, sizeof why) ? NULL : why);
    kl_buf_adds(b, "},");
}

static void no_row(void *ctx, const struct reader_document *d)
{
    (void)ctx, (void)d;
}

/* The catalog does not tell statements from documents. */
static enum kl_code write_counts(struct kl_buf *b, struct seer *s, struct kl_error *err)
{
    struct reader_documents_query statements = { .kind = "statement", .before = INT64_MAX, .limit = 1 };
    struct catalog_totals all = catalog_totals(index_catalog(s->index));
    struct vectors *vectors = index_vectors(s->index);
    struct reader_totals totals;
    int64_t next, n = 0;
    struct reader *r;
    enum kl_code code = readers_take(s->readers, &r, err);

    if (code)
        return code;
    code = reader_documents(r, &statements, no_row, NULL, &next, &n, err);
    if (!code)
        code = reader_totals(r, &totals, err);
    readers_give(s->readers, r);
    if (!code)
        kl_buf_addf(b, "{\"documents\":{\"document\":%lld,\"statement\":%lld,\"message\":%lld},\"passages\":%lld,\"vectors\":%zu,\"index_bytes\":%lld,",
                    (long long)(all.documents - all.messages - n), (long long)n, (long long)all.messages, (long long)all.passages,
                    vectors ? vectors_count(vectors) : 0, (long long)totals.bytes);
    return code;
}

static enum kl_code status_run(struct job *j, struct kl_error *err)
{
    struct freshness fresh = learner_freshness(j->seer->learner);
    struct seer *s = j->seer;
    struct kl_buf *b = &j->body;
    char why[256];

    if (write_counts(b, s, err))
        return err->code;
    kl_buf_addf(b, "\"memory_bytes\":%lld,", (long long)memory_bytes());
    write_embedder(b, s);
    write_llm(b, s);
    write_text(b, "load_dir", s->conf->load_dir);
    kl_buf_addf(b, ",\"document_max_bytes\":%lld,", (long long)s->conf->document_max_bytes);
    write_text(b, "learning_paused", learner_paused(s->learner, why, sizeof why) ? why : NULL);
    kl_buf_addc(b, ',');
    write_freshness(b, &fresh);
    kl_buf_addc(b, '}');
    return KL_OK;
}

void status_get(struct kl_request *r)
{
    work_do(r, ((struct seer *)kl_request_ctx(r))->searching, status_run, NULL, NULL);
}
