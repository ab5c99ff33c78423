#include "parts.h"

#include "embedder.h"
#include "index.h"
#include "log.h"
#include "readers.h"
#include "search.h"

/* Without the table there is still a search by words: whoever has not fetched it learns so from /status and each answer.
 * An endpoint that was asked for and is set wrongly is a mistake. */
static enum kl_code embedder_begin(struct seer *s, struct kl_error *err)
{
    struct embedder_conf conf = { .model_dir = s->conf->model_dir, .url = s->conf->embeddings_url, .model = s->conf->embeddings_model,
                                  .key_file = s->conf->embeddings_key_file, .timeout_ms = s->conf->embeddings_timeout_ms };

    if (!embedder_open(&s->embedder, &conf, &s->embedder_why))
        return KL_OK;
    s->embedder = NULL;
    if (conf.url) {
        *err = s->embedder_why;
        return err->code;
    }
    kl_warn("searches go by words alone; `seer/model fetch` gets the model of meaning", KL_S("why", s->embedder_why.text));
    return KL_OK;
}

enum kl_code parts_open(struct seer *s, void (*asked)(void *ctx), void *asked_ctx, struct kl_error *err)
{
    struct index_conf index = { .path = s->conf->index_file, .messages_max = s->conf->messages_max, .retention_ms = s->conf->retention_ms,
                                .batch_max = (size_t)s->conf->batch_max, .statement_topic = s->conf->statement_topic,
                                .question_topic = s->conf->question_topic, .answer_topic = s->conf->answer_topic, .sentences = true, .vectors_stay = s->conf->vectors_stay, .asked = asked, .asked_ctx = asked_ctx };
    struct readers_conf readers = { .path = s->conf->index_file, .migrations = index_migrations() };
    struct searcher_conf searcher = { .words_only = s->embedder_why.text };

    if (embedder_begin(s, err))
        return err->code;
    index.embedder = searcher.embedder = s->embedder;
    index.messages_later = s->conf->embeddings_url != NULL; /* each call of an endpoint takes a while: no message waits for one */
    if (index_open(&s->index, &index, err))
        return err->code;
    readers.catalog = index_catalog(s->index);
    if (readers_open(&s->readers, &readers, err))
        return err->code;
    searcher.index = s->index;
    searcher.readers = s->readers;
    return searcher_new(&s->searcher, &searcher, err);
}

void parts_close(struct seer *s)
{
    searcher_free(s->searcher);
    readers_close(s->readers);
    index_close(s->index);
    embedder_close(s->embedder);
}
