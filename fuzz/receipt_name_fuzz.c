/* A message's name that is read, topic/partition/offset, names the same message when it is printed and read again.
 *
 * sources: consumer/receipt.c
 */
#include "consumer/receipt.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char topic[KL_TOPIC_BYTES], topic_again[KL_TOPIC_BYTES], name[RECEIPT_NAME_MAX];
    int32_t partition, partition_again;
    int64_t offset, offset_again;

    if (!receipt_name_read((const char *)data, len, topic, &partition, &offset))
        return 0;
    kl_assert(partition >= 0 && offset >= 0 && topic[0] && !strchr(topic, '/'));
    receipt_name(name, topic, partition, offset);
    kl_assert(receipt_name_read(name, strlen(name), topic_again, &partition_again, &offset_again));
    kl_assert(!strcmp(topic, topic_again) && partition == partition_again && offset == offset_again);
    return 0;
}
