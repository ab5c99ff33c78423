/* meaning.c - the table, read once out of its safetensors file: eight bytes with the header's length, the header (JSON),
 * the numbers.
 *
 * They are int8 with a scale a row, 7.6 MB: pack_table.py makes them of the model's own floats, 30 MB. A mean of many such
 * rows is within a thousandth of the exact one (meaning_test.c), and the vectors are kept as int8 anyhow. */
#include "meaning.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wordpiece.h"

#define PATH_BYTES       4096
#define HEADER_BYTES_MAX 65536 /* ours has 160 */

struct meaning {
    struct wordpiece *pieces;
    size_t  count;
    int8_t *rows;    /* MEANING_DIMS each */
    float  *scales;  /* one a row */
};

struct file {
    const unsigned char *bytes;
    size_t len;
};

static enum kl_code map_file(struct file *out, const char *name, struct kl_error *err)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p;

    if (fd < 0 || fstat(fd, &st) != 0) {
        kl_fail(err, KL_INVALID, "%s: %m", name);
        if (fd >= 0)
            close(fd);
        return KL_INVALID;
    }
    p = st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0) : MAP_FAILED;
    close(fd);
    if (p == MAP_FAILED)
        return kl_fail(err, KL_INVALID, "%s could not be mapped into memory", name);
    *out = (struct file){ p, (size_t)st.st_size };
    return KL_OK;
}

/* Where the numbers stand: a row for each of the vocabulary's pieces, and behind them the rows' scales. NULL: this is no
 * such file. */
static const unsigned char *find_numbers(const struct file *f, size_t count)
{
    json_int_t rows = 0, dims = 0, rows_from = 0, rows_to = 0, scales = 0, scales_from = 0, scales_to = 0;
    const char *row_type = "", *scale_type = "";
    const unsigned char *numbers = NULL;
    uint64_t header;
    json_t *doc;

    if (f->len < sizeof header)
        return NULL;
    memcpy(&header, f->bytes, sizeof header);
    if (header > HEADER_BYTES_MAX || header > f->len - sizeof header)
        return NULL;
    doc = json_loadb((const char *)f->bytes + sizeof header, (size_t)header, JSON_REJECT_DUPLICATES, NULL);
    if (doc && json_unpack(doc, "{s:{s:s, s:[I,I!], s:[I,I!]}, s:{s:s, s:[I!], s:[I,I!]}}",
                           "embeddings", "dtype", &row_type, "shape", &rows, &dims, "data_offsets", &rows_from, &rows_to,
                           "scales", "dtype", &scale_type, "shape", &scales, "data_offsets", &scales_from, &scales_to) == 0 &&
        strcmp(row_type, "I8") == 0 && dims == MEANING_DIMS && rows == (json_int_t)count && rows_from == 0 && rows_to == rows * dims &&
        strcmp(scale_type, "F32") == 0 && scales == rows && scales_from == rows_to && scales_to == scales_from + scales * 4 &&
        (uint64_t)scales_to == f->len - sizeof header - header)
        numbers = f->bytes + sizeof header + header;
    json_decref(doc);
    return numbers;
}

static enum kl_code copy_numbers(struct meaning *m, const struct file *f, const char *name, struct kl_error *err)
{
    const unsigned char *numbers = find_numbers(f, m->count);
    size_t rows_bytes = m->count * MEANING_DIMS, scales_bytes = m->count * sizeof *m->scales;

    if (!numbers)
        return kl_fail(err, KL_INVALID, "%s is no table of %zu x %d bytes", name, m->count, MEANING_DIMS);
    m->rows = malloc(rows_bytes);
    m->scales = malloc(scales_bytes);
    if (!m->rows || !m->scales)
        return kl_fail(err, KL_BUSY, "no memory for the table of meaning");
    memcpy(m->rows, numbers, rows_bytes);
    memcpy(m->scales, numbers + rows_bytes, scales_bytes);
    for (size_t i = 0; i < m->count; i++)
        if (!isfinite(m->scales[i]))
            return kl_fail(err, KL_INVALID, "%s: the scale of row %zu is no number", name, i);
    return KL_OK;
}

static enum kl_code read_table(struct meaning *m, const char *directory, struct kl_error *err)
{
    char name[PATH_BYTES];
    struct file f = { NULL, 0 };
    enum kl_code code;

    snprintf(name, sizeof name, "%s/table.safetensors", directory);
    code = map_file(&f, name, err);
    if (code != KL_OK)
        return code;
    code = copy_numbers(m, &f, name, err);
    munmap((void *)f.bytes, f.len);
    return code;
}

enum kl_code meaning_open(struct meaning **out, const char *directory, struct kl_error *err)
{
    struct meaning *m = calloc(1, sizeof *m);
    char name[PATH_BYTES];
    enum kl_code code;

    *out = NULL;
    if (!m)
        return kl_fail(err, KL_BUSY, "no memory for the table of meaning");
    snprintf(name, sizeof name, "%s/vocab.txt", directory);
    code = wordpiece_open(&m->pieces, name, err);
    if (code == KL_OK) {
        m->count = wordpiece_count(m->pieces);
        code = read_table(m, directory, err);
    }
    if (code != KL_OK) {
        meaning_close(m);
        return code;
    }
    *out = m;
    return KL_OK;
}

void meaning_close(struct meaning *m)
{
    if (!m)
        return;
    wordpiece_close(m->pieces);
    free(m->rows);
    free(m->scales);
    free(m);
}

static void add_row(const struct meaning *m, int32_t id, float *sum)
{
    const int8_t *row = m->rows + (size_t)id * MEANING_DIMS;
    float scale = m->scales[id];

    for (size_t i = 0; i < MEANING_DIMS; i++)
        sum[i] += scale * row[i];
}

/* The mean's length is lost, so the sum does. */
void meaning_vector(const struct meaning *m, const char *text, size_t len, float out[MEANING_DIMS])
{
    struct wordpieces it;
    float square = 0, length;

    memset(out, 0, MEANING_DIMS * sizeof *out);
    wordpieces_begin(&it, m->pieces, text, len);
    while (wordpieces_next(&it))
        for (size_t i = 0; i < it.count; i++)
            add_row(m, it.ids[i], out);
    for (size_t i = 0; i < MEANING_DIMS; i++)
        square += out[i] * out[i];
    length = sqrtf(square);
    for (size_t i = 0; length > 0 && i < MEANING_DIMS; i++)
        out[i] /= length;
}
