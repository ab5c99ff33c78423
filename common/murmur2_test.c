#include "kafka_producer.h"

#include "test.h"

/* From org.apache.kafka.common.utils.UtilsTest.testMurmur2. */
static void murmur2_is_javas(void)
{
    static const struct { const char *key; int32_t hash; } cases[] = {
        { "21", -973932308 },
        { "foobar", -790332482 },
        { "a-little-bit-long-string", -985981536 },
        { "a-little-bit-longer-string", -1486304829 },
        { "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971 },
        { "abc", 479470107 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL((int32_t)kl_murmur2(cases[i].key, strlen(cases[i].key)), cases[i].hash);
}

/* toPositive(hash) % partitions: the sign bit is cut off, not negated. */
static void partition_is_javas(void)
{
    CU_ASSERT_EQUAL(kl_murmur2_partition("21", 2, 7), (-973932308 & 0x7fffffff) % 7);
    CU_ASSERT_EQUAL(kl_murmur2_partition("abc", 3, 10), 479470107 % 10);
    CU_ASSERT_EQUAL(kl_murmur2_partition("anything", 8, 1), 0);
    CU_ASSERT_EQUAL(kl_murmur2_partition("", 0, 5), (int32_t)((kl_murmur2("", 0) & 0x7fffffff) % 5));
}

KL_TESTS("murmur2", T(murmur2_is_javas), T(partition_is_javas))
