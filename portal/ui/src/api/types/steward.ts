// Made from the service's openapi.json by `npm run types`. Changed there, not here.
export interface paths {
    "/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which cluster this is, its brokers, and what this client can do */
        get: operations["getCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/brokers/{id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A broker's settings, and where each value comes from */
        get: operations["getBrokerSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All topics, from the last look at the cluster */
        get: operations["listTopics"];
        put?: never;
        /** Make a topic */
        post: operations["createTopic"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One topic, asked fresh */
        get: operations["getTopic"];
        put?: never;
        post?: never;
        /** Delete a topic and all its records */
        delete: operations["deleteTopic"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A topic's settings, and where each value comes from */
        get: operations["getTopicSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set some, put some back to their default (null); the others stay */
        patch: operations["changeTopicSettings"];
        trace?: never;
    };
    "/topics/{topic}/partitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add partitions */
        post: operations["addPartitions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/empty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove all records there are now */
        post: operations["emptyTopic"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of a topic's messages, the newest last */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/messages/{partition}/{offset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message with all of its value, 8 MB at most */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All consumer groups, from the last look at the cluster */
        get: operations["listGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A group's members and offsets, asked fresh */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        /** Delete a group with all its offsets */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{group}/lag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A group's lag over time, since the steward's start */
        get: operations["getGroupLag"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{group}/offsets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a group's offsets */
        post: operations["resetGroupOffsets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{group}/topics/{topic}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a group's offsets of a topic */
        delete: operations["unsubscribeGroup"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/passed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which groups have passed a message, and between which looks */
        get: operations["getPassed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Cluster: {
            cluster_id: string | null;
            controller: number | null;
            /** @description READ_ONLY is set: what changes something is a 403, but a dry run */
            read_only: boolean;
            librdkafka: string;
            can: {
                topic_bytes: boolean;
                incremental_settings: boolean;
                kip848_groups: boolean;
            };
            brokers: components["schemas"]["Broker"][];
            topics: number;
            partitions: number;
            groups: number | null;
            /** Format: int64 */
            as_of_ms: number;
        };
        Broker: {
            id: number;
            host: string;
            port: number;
            rack: string | null;
            controller: boolean;
            leaders: number;
            replicas: number;
        };
        Settings: {
            settings: components["schemas"]["Setting"][];
        };
        Setting: {
            name: string;
            /** @description null: sensitive, or not told */
            value: string | null;
            /**
             * @description dynamic: the topic's own
             * @enum {unknown}
             */
            source: "dynamic" | "dynamic_broker" | "dynamic_cluster" | "static" | "default" | "unknown";
            default: boolean;
            read_only: boolean;
            sensitive: boolean;
        };
        TopicSummary: {
            name: string;
            internal: boolean;
            partitions: number;
            replication: number;
            /** @description Partitions with a replica out of sync */
            under_replicated: number;
            /**
             * Format: int64
             * @description high - low summed: an upper bound, since compaction and transactions leave holes
             */
            messages: number | null;
            /**
             * Format: int64
             * @description null: this client cannot ask (can.topic_bytes)
             */
            bytes: number | null;
            /** @description Records a second over the last looks */
            rate: number | null;
            /**
             * Format: int64
             * @description The largest of a group
             */
            lag: number | null;
            groups: number | null;
            /**
             * Format: int64
             * @description When its end was first seen where it is; null: not since the steward looks
             */
            last_write_ms: number | null;
            error: string | null;
        };
        TopicPlan: {
            name: string;
            partitions: number | null;
            replication: number | null;
        };
        Topic: {
            name: string;
            internal: boolean;
            partitions: components["schemas"]["Partition"][];
            groups: {
                group: string;
                /** Format: int64 */
                lag: number | null;
            }[];
            /** Format: int64 */
            as_of_ms: number;
        };
        Partition: {
            partition: number;
            leader: number | null;
            replicas: number[];
            isr: number[];
            /** Format: int64 */
            low: number | null;
            /** Format: int64 */
            high: number | null;
            /** Format: int64 */
            messages: number | null;
        };
        MessagePage: {
            messages: components["schemas"]["Message"][];
            /** @description The cursor of what is newer; null: the page reaches the end */
            next: string | null;
            /** @description The cursor of what is older; null: the page reaches the beginning */
            previous: string | null;
            /** @description false: the time was over before the page was full; the cursors go on where it stopped */
            whole: boolean;
        };
        /** @description The envelope of live streams. A member that is no text has its bytes in the member of that name with _base64 */
        Message: {
            /** @description The producer's id, or topic/partition/offset */
            id: string;
            topic: string;
            partition: number;
            /** Format: int64 */
            offset: number;
            /** Format: int64 */
            timestamp_ms: number | null;
            /** @enum {unknown} */
            timestamp_type: "create_time" | "log_append_time" | null;
            key?: string | null;
            key_base64?: string;
            /** @description null: a tombstone */
            value?: string | null;
            value_base64?: string;
            /** @description All that the value has */
            value_bytes: number | null;
            /** @description Only the first 64 kB of it are here */
            cut: boolean;
            headers: {
                name: string;
                value?: string | null;
                value_base64?: string;
            }[];
        };
        GroupSummary: {
            group: string;
            state: components["schemas"]["GroupState"];
            /** @description How partitions are assigned; null: not at the moment, or not known */
            protocol: string | null;
            kind: components["schemas"]["GroupKind"];
            members: number | null;
            /** @description That it has offsets of */
            topics: number | null;
            /**
             * Format: int64
             * @description Of all partitions together; null: it has no offsets, or an end is not known
             */
            lag: number | null;
            /** @description What could not be learnt of it */
            error: string | null;
        };
        /** @enum {unknown} */
        GroupState: "stable" | "empty" | "dead" | "preparing_rebalance" | "completing_rebalance" | "unknown";
        /**
         * @description Consumer: of the newer protocol (KIP-848). Unknown: of a protocol that this librdkafka cannot describe (KIP-848 before 2.10); its state and offsets are true, its members are not known
         * @enum {unknown}
         */
        GroupKind: "classic" | "consumer" | "unknown with this client";
        Group: {
            group: string;
            state: components["schemas"]["GroupState"];
            kind: components["schemas"]["GroupKind"];
            protocol: string | null;
            /** @description A broker's id */
            coordinator: number | null;
            members: components["schemas"]["GroupMember"][] | null;
            offsets: components["schemas"]["GroupOffset"][];
            /** Format: int64 */
            as_of_ms: number;
        };
        GroupMember: {
            id: string;
            client_id: string;
            host: string;
            partitions: {
                topic: string;
                partition: number;
            }[];
        };
        GroupOffset: {
            topic: string;
            partition: number;
            /**
             * Format: int64
             * @description null: a member reads it and nothing was committed
             */
            committed: number | null;
            /**
             * Format: int64
             * @description null: the topic is gone, or its partition has no leader
             */
            low: number | null;
            /** Format: int64 */
            high: number | null;
            /** Format: int64 */
            lag: number | null;
            /** @description The id of who reads it */
            member: string | null;
        };
        GroupLag: {
            step_s: number;
            /**
             * Format: int64
             * @description When the first step begins
             */
            from_ms: number;
            series: {
                topic: string;
                partition: number;
                /** @description The last one seen in each step; null: none was */
                lag: (number | null)[];
            }[];
        };
        GroupReset: {
            /** @description Absent: all that the group has offsets of */
            topics?: string[];
            /** @description Of the one topic named; absent: all */
            partitions?: number[];
            to: ("earliest" | "latest") | {
                /** Format: int64 */
                time_ms: number;
            } | {
                /** Format: int64 */
                offset: number;
            } | {
                /** Format: int64 */
                shift: number;
            };
        };
        GroupChanges: {
            group: string;
            state: components["schemas"]["GroupState"];
            changes: {
                topic: string;
                partition: number;
                /**
                 * Format: int64
                 * @description null: there was none
                 */
                from: number | null;
                /**
                 * Format: int64
                 * @description null: deleted; of a shift: there was none to shift
                 */
                to: number | null;
                /** @description What was asked for is not in the log; to is its nearest end */
                clamped: boolean;
            }[];
        };
        Passed: {
            groups: {
                group: string;
                passed: boolean;
                /**
                 * Format: int64
                 * @description The last look that saw it not passed
                 */
                not_passed_seen_ms: number | null;
                /**
                 * Format: int64
                 * @description The first look that saw it passed
                 */
                passed_seen_ms: number | null;
            }[];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            field?: string;
            /** Format: int64 */
            limit?: number;
            retry_after_s?: number;
        };
    };
    responses: {
        /** @description What was changed; of a dry run, what would be */
        GroupChanges: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GroupChanges"];
            };
        };
        /** @description RFC 9457 */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Any text, percent-encoded */
        group: string;
        topic: string;
        /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
        dryRun: boolean;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getCluster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cluster */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            503: components["responses"]["Problem"];
        };
    };
    getBrokerSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    listTopics: {
        parameters: {
            query?: {
                /** @description A part of the name */
                filter?: string;
                /** @description true: Kafka's own and kafkloud's topics too */
                internal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        topics: components["schemas"]["TopicSummary"][];
                        /** Format: int64 */
                        as_of_ms: number;
                    };
                };
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createTopic: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "orders",
                 *       "partitions": 6,
                 *       "replication": 1,
                 *       "settings": {
                 *         "retention.ms": "86400000"
                 *       }
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @description Absent: the brokers' default */
                    partitions?: number;
                    /** @description Absent: the brokers' default */
                    replication?: number;
                    settings?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Of a dry run: what would be made; null is the brokers' default */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopicPlan"];
                };
            };
            /** @description The topic */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    getTopic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The topic */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    deleteTopic: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of a dry run: what would be deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    getTopicSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    changeTopicSettings: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "settings": {
                 *         "retention.ms": "1000",
                 *         "cleanup.policy": null
                 *       }
                 *     }
                 */
                "application/json": {
                    settings: {
                        [key: string]: string | null;
                    };
                };
            };
        };
        responses: {
            /** @description The settings after it; of a dry run, as they would be */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    addPartitions: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "total": 6
                 *     }
                 */
                "application/json": {
                    /** @description How many there are to be */
                    total: number;
                };
            };
        };
        responses: {
            /** @description The topic after it; of a dry run, as it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    emptyTopic: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "partitions": [
                 *         0
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Absent: all */
                    partitions?: number[];
                };
            };
        };
        responses: {
            /** @description Where each log begins after it; of a dry run, where it would */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        partitions: {
                            partition: number;
                            /** Format: int64 */
                            low: number | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Absent: all, merged by their timestamps; at most 100 */
                partition?: number;
                /** @description beginning, end, an offset (of one partition), or time: and milliseconds since 1970 */
                from?: string;
                /** @description Absent: backward from the end, else forward */
                direction?: "forward" | "backward";
                /** @description next or previous of a page; instead of partition, from and direction */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
                partition: number;
                offset: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /** @description A part of the name */
                filter?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        groups: components["schemas"]["GroupSummary"][];
                        /** @description Why some may be missing: a broker did not answer */
                        error: string | null;
                        /** Format: int64 */
                        as_of_ms: number;
                    };
                };
            };
            503: components["responses"]["Problem"];
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Any text, percent-encoded */
                group: components["parameters"]["group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    deleteGroup: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description Any text, percent-encoded */
                group: components["parameters"]["group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["GroupChanges"];
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    getGroupLag: {
        parameters: {
            query?: {
                /** @description How far back */
                window_s?: number;
            };
            header?: never;
            path: {
                /** @description Any text, percent-encoded */
                group: components["parameters"]["group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A series a partition that the group has an offset of; of a group that was not seen, none */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupLag"];
                };
            };
            400: components["responses"]["Problem"];
        };
    };
    resetGroupOffsets: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description Any text, percent-encoded */
                group: components["parameters"]["group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "topics": [
                 *         "orders"
                 *       ],
                 *       "partitions": [
                 *         0
                 *       ],
                 *       "to": {
                 *         "shift": -100
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["GroupReset"];
            };
        };
        responses: {
            200: components["responses"]["GroupChanges"];
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    unsubscribeGroup: {
        parameters: {
            query?: {
                /** @description true: change nothing, tell what would be; answered with READ_ONLY, too */
                dry_run?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description Any text, percent-encoded */
                group: components["parameters"]["group"];
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["GroupChanges"];
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    getPassed: {
        parameters: {
            query: {
                topic: string;
                partition: number;
                offset: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each group that has an offset in the partition, but kafkloud's own: the consumer's (KAFKA_GROUP_ID) and kafkloud-* */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passed"];
                };
            };
            400: components["responses"]["Problem"];
        };
    };
}
