/* client_can.h - what the librdkafka that this is built with can ask, beyond 2.0.2. What it cannot is done in another way, or
 * null in the answers: GET /cluster says which. None of them, up to 2.15, tells how many bytes a topic has (DescribeLogDirs). */
#ifndef CLIENT_CAN_H
#define CLIENT_CAN_H

#include <librdkafka/rdkafka.h>

#define CAN_INCREMENTAL_SETTINGS (RD_KAFKA_VERSION >= 0x020200ff) /* IncrementalAlterConfigs */
#define CAN_RACKS                (RD_KAFKA_VERSION >= 0x020300ff) /* DescribeCluster */
#define CAN_KIP848_GROUPS        (RD_KAFKA_VERSION >= 0x020a00ff) /* ConsumerGroupDescribe */

#endif
