// Made from the service's openapi.json by `npm run types`. Changed there, not here.
export interface paths {
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What has been consumed so far, over restarts */
        get: operations["getStatus"];
        put?: never;
        /** Receipts of many messages, in the order asked */
        post: operations["getReceiptsByIds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message's receipt, now or when it is there */
        get: operations["getReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{topic}/{partition}/{offset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The receipt of the message at a place in the log */
        get: operations["getReceiptByPlace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Receipts by topic and key, newest consumed first, a page at a time */
        get: operations["listReceipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/latency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The histogram of consumed - accepted over a window, whole and by minute or hour */
        get: operations["getLatency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A live stream of topics as server-sent events */
        get: operations["consume"];
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
        Status: {
            /** @description Messages, over restarts, since `since` */
            n_consumed: number;
            /** @description Of their values */
            bytes: number;
            by_topic: {
                topic: string;
                n_consumed: number;
                bytes: number;
                rate: number;
                lag: number;
            }[];
            /** @description Messages a second over the last ten seconds */
            rate: number;
            /** @description The ends of the logs less what is stored */
            lag: number;
            /** @description Consumed - accepted, over the last hour */
            latency_us: {
                p50: number;
                p95: number;
                p99: number;
                max: number;
                count: number;
                window_s: number;
            };
            /** @description Receipts of an id that had one */
            duplicated: number;
            /** @description Messages that the producers' journal called failed */
            failed: number;
            /** @description Messages consumed before they were accepted, by the clocks */
            negative_latencies: number;
            /** Format: date-time */
            since: string | null;
            cluster: string | null;
            /** @description Why reading stands still (a full disk); null: it does not */
            paused: string | null;
            key_index: components["schemas"]["KeyIndex"];
        };
        KeyIndex: {
            /** @description Receipts whose key is not indexed yet; they are searched one by one, so answers are complete all the same */
            behind: number;
        };
        Receipt: {
            /** @description A UUID, or topic/partition/offset for a message without one */
            id: string;
            /** @enum {unknown} */
            state: "consumed" | "failed";
            /**
             * @description failed only; possibly is not final
             * @enum {unknown}
             */
            persisted?: "no" | "possibly";
            /** @description failed only */
            reason?: string;
            /** @description failed only */
            failed_us?: number;
            topic: string;
            partition: number;
            offset: number | null;
            /** @description One life of the topic: made again under the same name it has another */
            incarnation: number | null;
            key?: string | null;
            /** @description Instead of key, when that is not UTF-8 */
            key_base64?: string;
            /**
             * @description The key is longer than the 1,024 bytes that are kept
             * @constant
             */
            key_truncated?: true;
            key_bytes: number | null;
            /** @description null: a tombstone */
            value_bytes: number | null;
            headers_bytes: number | null;
            timestamp_ms: number | null;
            /** @enum {unknown} */
            timestamp_type: "create" | "append" | null;
            accepted_us: number | null;
            acked_us: number | null;
            consumed_us: number | null;
            latency_us: {
                accepted_acked: number | null;
                acked_consumed: number | null;
                accepted_consumed: number | null;
            };
            producer: {
                start: string;
                number: number;
            } | null;
            duplicates: {
                topic: string;
                partition: number;
                offset: number;
                incarnation: number;
                consumed_us: number;
            }[];
            /** @description Only when there are more than are listed */
            duplicates_total?: number;
        };
        /** @description Nothing is known of the message (yet), or retention has removed what was */
        NoReceipt: {
            id: string;
            /** @enum {unknown} */
            state: "unknown" | "expired";
        };
        /** @description A message in a stream: the data of an event streamer with format=envelope. What is not UTF-8 comes as its base64 instead */
        Envelope: {
            /** @description A UUID, or topic/partition/offset */
            id: string;
            topic: string;
            partition: number;
            offset: number;
            timestamp_ms: number | null;
            key?: string | null;
            key_base64?: string;
            /** @description null: a tombstone */
            value?: string | null;
            value_base64?: string;
            headers: {
                name: string;
                value?: string | null;
                value_base64?: string;
            }[];
        };
        /** @description The data of an event lagged: the stream's queue overflowed, and this was skipped */
        Lagged: {
            topic: string;
            skipped: number;
            partitions: {
                partition: number;
                from: number;
                to: number;
            }[];
        };
        /** @description The data of an event gap: retention removed what was asked for */
        Gap: {
            topic: string;
            partition: number;
            from: number;
            to: number;
        };
        Latency: {
            topic: string | null;
            window_s: number;
            /** @enum {unknown} */
            step_s: 60 | 3600;
            count: number;
            p50: number;
            p95: number;
            p99: number;
            max: number;
            buckets: {
                le_us: number;
                count: number;
            }[];
            steps: {
                /** Format: date-time */
                at: string;
                count: number;
                p50: number;
                p95: number;
                p99: number;
                max: number;
            }[];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            field?: string;
            limit?: number;
            line?: number;
            column?: number;
            retry_after_s?: number;
            id?: string;
            /** @description 504 of ?wait=: what is known, or null */
            receipt?: components["schemas"]["Receipt"] | null;
        };
    };
    responses: {
        /** @description What is known of the message */
        Receipt: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Receipt"];
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
        /** @description Answer when it has been acked or consumed, or has failed for good */
        wait: "acked" | "consumed";
        /** @description How long to wait; then 504, with what is known in receipt */
        timeout: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Totals */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
        };
    };
    getReceiptsByIds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01",
                 *         "orders/3/42"
                 *       ]
                 *     }
                 */
                "application/json": {
                    ids: string[];
                };
            };
        };
        responses: {
            /** @description One receipt an id; for an id that is not known, or no more, only its id and state */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        receipts: (components["schemas"]["Receipt"] | components["schemas"]["NoReceipt"])[];
                    };
                };
            };
            400: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getReceipt: {
        parameters: {
            query?: {
                /** @description Answer when it has been acked or consumed, or has failed for good */
                wait?: components["parameters"]["wait"];
                /** @description How long to wait; then 504, with what is known in receipt */
                timeout_ms?: components["parameters"]["timeout"];
            };
            header?: never;
            path: {
                /** @description A UUID, or topic/partition/offset with its slashes escaped */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Receipt"];
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    getReceiptByPlace: {
        parameters: {
            query?: {
                /** @description Answer when it has been acked or consumed, or has failed for good */
                wait?: components["parameters"]["wait"];
                /** @description How long to wait; then 504, with what is known in receipt */
                timeout_ms?: components["parameters"]["timeout"];
            };
            header?: never;
            path: {
                topic: string;
                partition: number;
                offset: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Receipt"];
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    listReceipts: {
        parameters: {
            query?: {
                topic?: string;
                /** @description Byte for byte; an empty one is the empty key */
                key?: string;
                /** @description A key that is not UTF-8 */
                key_base64?: string;
                /** @description Consumed then or later: RFC 3339, or milliseconds since 1970 */
                since?: string;
                /** @description Consumed before then: RFC 3339, or milliseconds since 1970 */
                until?: string;
                limit?: number;
                /** @description The next of the page before */
                before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. One that looked at 20,000 receipts ends there: it may be short, or empty, and have a next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        receipts: components["schemas"]["Receipt"][];
                        next: string | null;
                        key_index: components["schemas"]["KeyIndex"];
                    };
                };
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getLatency: {
        parameters: {
            query?: {
                topic?: string;
                /** @description 1m to 7d, as 90s, 15m, 1h or 7d; over 6h it is told by the hour */
                window?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Latencies */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Latency"];
                };
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    consume: {
        parameters: {
            query: {
                /** @description Names, comma separated */
                topics: string;
                format?: "plain" | "envelope";
                /** @description latest, earliest, an RFC 3339 time or milliseconds since 1970; where a first connect begins */
                from?: string;
                /** @description As the header Last-Event-ID, for a first connect of a browser */
                last_event_id?: string;
            };
            header?: {
                /** @description The position to go on from */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events streamer, lagged and gap; comments as heartbeats */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
}
