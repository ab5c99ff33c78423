// Made from the service's openapi.json by `npm run types`. Changed there, not here.
export interface paths {
    "/produce/{topic}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One record without a key, or with one that a path cannot carry */
        post: operations["produce"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/produce/{topic}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One record with a key; a path that ends in the slash has the empty key */
        post: operations["produceWithKey"];
        /** A tombstone: a record with this key and a null value */
        delete: operations["deleteKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/records/{topic}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Many records, sent as they arrive; one outcome each, in the order sent */
        post: operations["produceMany"];
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
        /** @description A string is its bytes, any other JSON its compact text, null a tombstone; one of value and value_base64 must be there */
        Record: {
            key?: string | null;
            key_base64?: string;
            value?: unknown;
            value_base64?: string;
            headers?: {
                [key: string]: string;
            };
            partition?: number;
            /** Format: int64 */
            timestamp_ms?: number;
            /**
             * Format: uuid
             * @description As Idempotency-Key
             */
            id?: string;
        };
        Acked: {
            /** Format: uuid */
            id: string;
            topic: string;
            partition: number;
            /** Format: int64 */
            offset: number;
            /** Format: int64 */
            timestamp_ms: number;
            /** Format: int64 */
            accepted_us: number;
            /**
             * Format: int64
             * @description From accepted to the delivery report
             */
            ack_us: number;
        };
        Failed: {
            /**
             * Format: uuid
             * @description null: it was refused before it had one
             */
            id: string | null;
            error: components["schemas"]["Problem"];
        };
        Outcome: components["schemas"]["Acked"] | components["schemas"]["Failed"];
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
            /** @enum {unknown} */
            persisted?: "no" | "possibly";
            /** @description The message's */
            id?: string;
        };
    };
    responses: {
        /** @description The in-sync replicas have it */
        Acked: {
            headers: {
                "Kafkloud-Receipt": components["headers"]["Receipt"];
                "Idempotency-Window": components["headers"]["Window"];
                /** @description true: this is the outcome of an earlier request */
                "Idempotency-Hit"?: "true";
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Acked"];
            };
        };
        /** @description With Prefer: respond-async: it is on its way */
        Accepted: {
            headers: {
                "Kafkloud-Receipt": components["headers"]["Receipt"];
                "Preference-Applied"?: "respond-async";
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** Format: uuid */
                    id: string;
                    topic: string;
                    partition: number;
                };
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
        topic: string;
        key: string;
        /** @description Without it: by the key's hash, as Java's clients do */
        partition: number;
        /** @description Milliseconds since 1970; without it: now */
        timestamp: number;
        /** @description Becomes the id; the same again within the window is answered and not sent */
        idempotencyKey: string;
        /** @description respond-async: answer 202 at once; the receipt tells the outcome */
        prefer: string;
    };
    requestBodies: {
        /** @description The value, byte for byte; no body is an empty value. Content-Type becomes the Kafka header content-type, and Kafkloud-Header-NAME the header name */
        Value: {
            content: {
                "*/*": string;
            };
        };
    };
    headers: {
        /** @description The message's id; the consumer has its receipt */
        Receipt: string;
        /** @description For how many records and seconds an id is remembered; only beside an Idempotency-Key */
        Window: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    produce: {
        parameters: {
            query?: {
                /** @description The key; without it: a null key */
                key_base64?: string;
                /** @description Without it: by the key's hash, as Java's clients do */
                partition?: components["parameters"]["partition"];
                /** @description Milliseconds since 1970; without it: now */
                timestamp_ms?: components["parameters"]["timestamp"];
            };
            header?: {
                /** @description Becomes the id; the same again within the window is answered and not sent */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
                /** @description respond-async: answer 202 at once; the receipt tells the outcome */
                Prefer?: components["parameters"]["prefer"];
            };
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Value"];
        responses: {
            200: components["responses"]["Acked"];
            202: components["responses"]["Accepted"];
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    produceWithKey: {
        parameters: {
            query?: {
                /** @description Without it: by the key's hash, as Java's clients do */
                partition?: components["parameters"]["partition"];
                /** @description Milliseconds since 1970; without it: now */
                timestamp_ms?: components["parameters"]["timestamp"];
            };
            header?: {
                /** @description Becomes the id; the same again within the window is answered and not sent */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
                /** @description respond-async: answer 202 at once; the receipt tells the outcome */
                Prefer?: components["parameters"]["prefer"];
            };
            path: {
                topic: components["parameters"]["topic"];
                key: components["parameters"]["key"];
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Value"];
        responses: {
            200: components["responses"]["Acked"];
            202: components["responses"]["Accepted"];
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    deleteKey: {
        parameters: {
            query?: {
                /** @description Without it: by the key's hash, as Java's clients do */
                partition?: components["parameters"]["partition"];
                /** @description Milliseconds since 1970; without it: now */
                timestamp_ms?: components["parameters"]["timestamp"];
            };
            header?: {
                /** @description Becomes the id; the same again within the window is answered and not sent */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
                /** @description respond-async: answer 202 at once; the receipt tells the outcome */
                Prefer?: components["parameters"]["prefer"];
            };
            path: {
                topic: components["parameters"]["topic"];
                key: components["parameters"]["key"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Acked"];
            202: components["responses"]["Accepted"];
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
    produceMany: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: components["parameters"]["topic"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {"key":"customer-9","value":{"order":1042}}
                 *     {"value":"hello"}
                 */
                "application/x-ndjson": string;
                "application/json": components["schemas"]["Record"][] | components["schemas"]["Record"];
            };
        };
        responses: {
            /** @description An outcome a record; a record that is wrong fails alone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/json": components["schemas"]["Outcome"][] | components["schemas"]["Outcome"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
        };
    };
}
