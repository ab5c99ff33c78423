/* pg_values.c - see pg.h: values as PostgreSQL's binary format has them, on their way to the server and back. */
#include "pg.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* ---- arguments ---- */

static void arg_add(struct kl_pg_args *args, Oid type, const void *value, size_t len)
{
    kl_assert(args->n < KL_PG_ARGS_MAX);
    args->types[args->n] = type;
    args->values[args->n] = value;
    args->lengths[args->n++] = (int)len;
}

void kl_pg_int(struct kl_pg_args *args, int64_t n)
{
    kl_assert(args->n < KL_PG_ARGS_MAX);
    args->ints[args->n] = htobe64((uint64_t)n);
    arg_add(args, KL_PG_INT8, &args->ints[args->n], sizeof n);
}

void kl_pg_int_or_null(struct kl_pg_args *args, bool known, int64_t n)
{
    if (known)
        kl_pg_int(args, n);
    else
        arg_add(args, KL_PG_INT8, NULL, 0);
}

void kl_pg_text(struct kl_pg_args *args, const char *text)
{
    arg_add(args, 25, text, text ? strlen(text) : 0); /* 25: text */
}

void kl_pg_bytes(struct kl_pg_args *args, const void *data, size_t len)
{
    arg_add(args, KL_PG_BYTEA, data, len);
}

void kl_pg_uuid(struct kl_pg_args *args, const uint8_t *id)
{
    arg_add(args, KL_PG_UUID, id, 16);
}

void kl_pg_array(struct kl_pg_args *args, Oid type, const struct kl_buf *array)
{
    arg_add(args, type, array->data, array->len);
}

/* ---- rows ---- */

int64_t kl_pg_get_int(const PGresult *rows, int row, int column)
{
    const uint8_t *bytes = (const uint8_t *)PQgetvalue(rows, row, column);
    int len = PQgetlength(rows, row, column);
    uint64_t n = len && bytes[0] & 0x80 ? UINT64_MAX : 0; /* the sign */

    kl_assert(len == 1 || len == 2 || len == 4 || len == 8);
    for (int i = 0; i < len; i++)
        n = n << 8 | bytes[i];
    return (int64_t)n;
}

int64_t kl_pg_changed(const PGresult *rows)
{
    return strtoll(PQcmdTuples((PGresult *)rows), NULL, 10);
}

/* ---- arrays and COPY ---- */

static void put_int32(struct kl_buf *b, int32_t n)
{
    uint32_t be = htobe32((uint32_t)n);

    kl_buf_add(b, &be, sizeof be);
}

void kl_pg_put_int8(struct kl_buf *b, int64_t n)
{
    struct { uint32_t len; uint64_t n; } __attribute__((packed)) value = { htobe32(8), htobe64((uint64_t)n) };

    kl_buf_add(b, &value, sizeof value);
}

void kl_pg_put_int4(struct kl_buf *b, int32_t n)
{
    struct { uint32_t len, n; } value = { htobe32(4), htobe32((uint32_t)n) };

    kl_buf_add(b, &value, sizeof value);
}

void kl_pg_put_bytes(struct kl_buf *b, const void *data, size_t len)
{
    put_int32(b, data ? (int32_t)len : -1);
    if (data)
        kl_buf_add(b, data, len);
}

void kl_pg_put_null(struct kl_buf *b)
{
    put_int32(b, -1);
}

void kl_pg_array_begin(struct kl_buf *b, Oid element, size_t n)
{
    put_int32(b, 1); /* one dimension, */
    put_int32(b, 0); /* no nulls; */
    put_int32(b, (int32_t)element);
    put_int32(b, (int32_t)n);
    put_int32(b, 1); /* numbered from 1 */
}

void kl_pg_copy_begin(struct kl_buf *b)
{
    static const char head[19] = "PGCOPY\n\377\r\n"; /* flags and the length of an extension follow: none */

    kl_buf_add(b, head, sizeof head);
}

void kl_pg_copy_row(struct kl_buf *b, int columns)
{
    uint16_t n = htobe16((uint16_t)columns);

    kl_buf_add(b, &n, sizeof n);
}
