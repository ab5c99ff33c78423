/* uuid.c - see uuid.h.
 *
 * A version 7 id is made without a system call (the clock is the vDSO's): a thread keeps its last millisecond, a
 * counter and a generator. The counter's 26 bits stand in rand_a and the first 14 bits of rand_b; it starts each
 * millisecond at a random number below 2^25, so at least 33 million ids follow before it is full. The last 48 bits
 * are random. The generator is seeded from the kernel, and again every RESEED_IDS ids, so that nobody who has seen
 * some ids can follow it for long. A process that forks without exec must make no ids in the child. */
#include "uuid.h"

#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "err.h"

#define COUNTER_BITS  26
#define COUNTER_LOW   14 /* of them in rand_b */
#define CLOCK_BACK_MS 10000 /* a clock set back by less keeps ids ascending; by more, time in ids counts for more */
#define RESEED_IDS    65536

struct id_state {
    uint64_t random[2]; /* xoroshiro128+ */
    int64_t  last_ms;
    uint32_t counter;
    uint32_t left;      /* ids until the next seed; 0: none yet */
};

static _Thread_local struct id_state state;

static void kernel_random(void *out, size_t len)
{
    ssize_t n = getrandom(out, len, 0); /* up to 256 bytes come whole */

    kl_assert(n == (ssize_t)len);
}

uint64_t kl_random64(void)
{
    uint64_t n;

    kernel_random(&n, sizeof n);
    return n;
}

static uint64_t rotate(uint64_t n, int by)
{
    return n << by | n >> (64 - by);
}

static uint64_t next_random(struct id_state *s)
{
    uint64_t a = s->random[0];
    uint64_t b = s->random[1];

    s->random[0] = rotate(a, 24) ^ (a ^ b) ^ (a ^ b) << 16;
    s->random[1] = rotate(a ^ b, 37);
    return a + b;
}

static void seed(struct id_state *s)
{
    kernel_random(s->random, sizeof s->random);
    s->random[0] |= 1; /* all zero is the one state it cannot leave */
    s->left = RESEED_IDS;
}

/* Moves (last_ms, counter) on, never back. */
static void tick(struct id_state *s, uint64_t random)
{
    int64_t now_ms = kl_wall_us() / 1000;

    if (now_ms > s->last_ms || now_ms < s->last_ms - CLOCK_BACK_MS) {
        s->last_ms = now_ms;
        s->counter = (uint32_t)(random >> (64 - COUNTER_BITS + 1));
        return;
    }
    s->counter++;
    if (s->counter >> COUNTER_BITS) { /* full: borrow the next millisecond, as RFC 9562 section 6.2 allows */
        s->last_ms++;
        s->counter = 0;
    }
}

static void put_big_endian(uint8_t *out, uint64_t n)
{
    n = __builtin_bswap64(n);
    memcpy(out, &n, sizeof n);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "put_big_endian swaps");

void kl_uuid7(struct kl_uuid *out)
{
    struct id_state *s = &state;

    if (s->left == 0)
        seed(s);
    s->left--;
    tick(s, next_random(s));
    put_big_endian(out->b, (uint64_t)s->last_ms << 16 | 0x7000 | s->counter >> COUNTER_LOW);
    put_big_endian(out->b + 8, UINT64_C(2) << 62 | (uint64_t)(s->counter & ((1u << COUNTER_LOW) - 1)) << 48 |
                                   next_random(s) >> 16);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Where each byte's two digits stand between the dashes. */
static const uint8_t digits_at[16] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };

bool kl_uuid_parse(const char *text, size_t len, struct kl_uuid *out)
{
    struct kl_uuid id;
    size_t i;

    if (len != KL_UUID_TEXT || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        return false;
    for (i = 0; i < sizeof id.b; i++) {
        int high = hex_digit(text[digits_at[i]]);
        int low = hex_digit(text[digits_at[i] + 1]);

        if (high < 0 || low < 0)
            return false;
        id.b[i] = (uint8_t)(high << 4 | low);
    }
    *out = id;
    return true;
}

void kl_uuid_text(const struct kl_uuid *id, char out[KL_UUID_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    size_t i;

    out[8] = out[13] = out[18] = out[23] = '-';
    for (i = 0; i < sizeof id->b; i++) {
        out[digits_at[i]] = hex[id->b[i] >> 4];
        out[digits_at[i] + 1] = hex[id->b[i] & 15];
    }
}

int64_t kl_uuid_time_ms(const struct kl_uuid *id)
{
    int64_t ms = 0;
    int i;

    if (id->b[6] >> 4 != 7)
        return -1;
    for (i = 0; i < 6; i++)
        ms = ms << 8 | id->b[i];
    return ms;
}

bool kl_uuid_equal(const struct kl_uuid *a, const struct kl_uuid *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}
