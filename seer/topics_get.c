/* GET /topics - what is learnt from topics, and how far. It asks the cluster, so it has a pool of its own: a cluster that
 * does not answer holds up no search. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "endpoints.h"
#include "index.h"
#include "kafka_producer.h"
#include "learner.h"
#include "readers.h"
#include "seer.h"
#include "topics.h"
#include "work.h"
#include "write.h"

#define CLUSTER_MS 3000 /* for the names of its topics; without an answer none of those that are not learnt from is told */

/* A topic: what the feed sees of it, and what the index knows. */
struct row {
    char    topic[KL_TOPIC_BYTES];
    bool    is_read;
    int64_t partitions, stored, end, behind;      /* the feed's */
    int64_t indexed, messages, skipped, last_ms;  /* the index's */
};

struct rows {
    const struct learner *learner;
    struct row *rows;
    size_t      n, size;
    bool        no_memory;
};

/* ---- gathering ---- */

static struct row *row_add(struct rows *all, const char *topic)
{
    struct row *rows;

    if (all->n == all->size) {
        size_t size = all->size ? 2 * all->size : 64;

        rows = realloc(all->rows, size * sizeof *rows);
        if (!rows) {
            all->no_memory = true;
            return NULL;
        }
        all->rows = rows;
        all->size = size;
    }
    all->rows[all->n] = (struct row){ .is_read = false };
    strcpy(all->rows[all->n].topic, topic);
    return &all->rows[all->n++];
}

/* A row a partition: they are merged afterwards. */
static void add_read(struct rows *all, struct learner *learner)
{
    struct kl_feed_partition *parts;
    size_t n = learner_partitions(learner, &parts);

    for (size_t i = 0; i < n; i++) {
        struct row *row = learner_own_topic(learner, parts[i].topic) ? NULL : row_add(all, parts[i].topic);

        if (!row)
            continue;
        row->is_read = true;
        row->partitions = 1;
        row->stored = parts[i].stored;
        row->end = parts[i].end > parts[i].stored ? parts[i].end : parts[i].stored; /* the end is from the last look */
        row->behind = parts[i].end > parts[i].stored ? parts[i].end - parts[i].stored : 0;
    }
    free(parts);
}

static void add_known(void *ctx, const struct reader_topic *t)
{
    struct rows *all = ctx;
    struct row *row = learner_own_topic(all->learner, t->topic) ? NULL : row_add(all, t->topic);

    if (!row)
        return;
    row->indexed = t->indexed;
    row->messages = t->messages;
    row->skipped = t->skipped;
    row->last_ms = t->last_ms;
}

static int by_name(const void *a, const void *b) { return strcmp(((const struct row *)a)->topic, ((const struct row *)b)->topic); }

static void add_to(struct row *sum, const struct row *row)
{
    sum->is_read |= row->is_read;
    sum->partitions += row->partitions;
    sum->stored += row->stored;
    sum->end += row->end;
    sum->behind += row->behind;
    sum->indexed += row->indexed;
    sum->messages += row->messages;
    sum->skipped += row->skipped;
    sum->last_ms += row->last_ms; /* only one of them has it */
}

/* One row a topic, by name. */
static void merge(struct rows *all)
{
    size_t n = 0;

    if (all->n > 0)
        qsort(all->rows, all->n, sizeof *all->rows, by_name);
    for (size_t i = 0; i < all->n; i++)
        if (n > 0 && !strcmp(all->rows[n - 1].topic, all->rows[i].topic))
            add_to(&all->rows[n - 1], &all->rows[i]);
        else
            all->rows[n++] = all->rows[i];
    all->n = n;
}

static enum kl_code gather(struct seer *s, struct rows *all, struct kl_error *err)
{
    struct reader *r;
    enum kl_code code = readers_take(s->readers, &r, err);

    if (code)
        return code;
    add_read(all, s->learner);
    code = reader_topics(r, add_known, all, err);
    readers_give(s->readers, r);
    merge(all);
    if (!code && all->no_memory)
        code = kl_fail(err, KL_BUSY, "no memory for the topics");
    return code;
}

/* ---- writing ---- */

static void write_row(struct kl_buf *b, const struct row *row)
{
    int64_t indexed = row->is_read ? row->stored : row->indexed, end = row->is_read ? row->end : row->indexed;

    kl_buf_addc(b, '{');
    write_text(b, "topic", row->topic);
    kl_buf_addf(b, ",\"chosen\":%s,\"partitions\":%lld,\"indexed\":%lld,\"end\":%lld,\"behind\":%lld,\"messages\":%lld,\"skipped\":%lld,", row->is_read ? "true" : "false",
                (long long)row->partitions, (long long)indexed, (long long)end, (long long)row->behind, (long long)row->messages, (long long)row->skipped);
    if (row->last_ms)
        write_time(b, "last", row->last_ms);
    else
        kl_buf_adds(b, "\"last\":null");
    kl_buf_addc(b, '}');
}

static void write_chosen(struct kl_buf *b, const char *chosen)
{
    bool first = true;

    kl_buf_addf(b, "{\"learning\":\"%s\",\"chosen\":[", chosen ? "chosen" : "all");
    for (const char *at = chosen ? chosen : ""; *at; at += strspn(at, ",")) {
        size_t len = strcspn(at, ",");

        if (len > 0 && !first)
            kl_buf_addc(b, ',');
        if (len > 0)
            kl_buf_add_json(b, at, len);
        first &= len == 0;
        at += len;
    }
    kl_buf_adds(b, "],\"topics\":[");
}

static bool has_row(const struct rows *all, const char *topic)
{
    struct row key;

    snprintf(key.topic, sizeof key.topic, "%s", topic);
    return all->n > 0 && bsearch(&key, all->rows, all->n, sizeof key, by_name);
}

static void write_others(struct kl_buf *b, struct seer *s, const struct rows *all)
{
    const rd_kafka_metadata_t *md;
    bool first = true;

    kl_buf_adds(b, "],\"not_learning\":[");
    if (rd_kafka_metadata(kl_producer_handle(s->producer), 1, NULL, &md, CLUSTER_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        for (int i = 0; i < md->topic_cnt; i++) {
            const char *topic = md->topics[i].topic;

            if (kl_topic_internal(topic) || learner_own_topic(s->learner, topic) || has_row(all, topic))
                continue;
            if (!first)
                kl_buf_addc(b, ',');
            kl_buf_add_json(b, topic, strlen(topic));
            first = false;
        }
        rd_kafka_metadata_destroy(md);
    }
    kl_buf_adds(b, "]}");
}

enum kl_code topics_run(struct job *j, struct kl_error *err)
{
    struct rows all = { .learner = j->seer->learner };
    struct index_learning what;
    enum kl_code code = index_learning(j->seer->index, &what, err);

    if (code)
        return code;
    code = gather(j->seer, &all, err);
    if (!code) {
        write_chosen(&j->body, what.all ? NULL : what.chosen);
        for (size_t i = 0; i < all.n; i++) {
            if (i > 0)
                kl_buf_addc(&j->body, ',');
            write_row(&j->body, &all.rows[i]);
        }
        write_others(&j->body, j->seer, &all);
    }
    index_learning_fini(&what);
    free(all.rows);
    return code;
}

void topics_get(struct kl_request *r)
{
    work_do(r, ((struct seer *)kl_request_ctx(r))->cluster, topics_run, NULL, NULL);
}
