/* murmur2.c - the hash Java's Kafka clients choose partitions by, so that both write a key to the same one. */

#include "kafka_producer.h"

#define MULTIPLIER 0x5bd1e995u
#define SEED       0x9747b28cu

static uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint32_t kl_murmur2(const void *key, size_t len)
{
    const uint8_t *at = key;
    uint32_t h = SEED ^ (uint32_t)len;

    for (; len >= 4; at += 4, len -= 4) {
        uint32_t k = word(at) * MULTIPLIER;

        k ^= k >> 24;
        h = h * MULTIPLIER ^ k * MULTIPLIER;
    }
    if (len > 0) {
        for (size_t i = 0; i < len; i++)
            h ^= (uint32_t)at[i] << (8 * i);
        h *= MULTIPLIER;
    }
    h ^= h >> 13;
    h *= MULTIPLIER;
    return h ^ h >> 15;
}

int32_t kl_murmur2_partition(const void *key, size_t len, int32_t partitions)
{
    kl_assert(partitions > 0);
    return (int32_t)((kl_murmur2(key, len) & 0x7fffffff) % (uint32_t)partitions);
}
