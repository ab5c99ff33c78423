// Made from the service's openapi.json by `npm run types`. Changed there, not here.
export interface paths {
    "/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A file of the UI, or the address of one of its screens */
                path: string;
            };
            cookie?: never;
        };
        /** The UI: a file, or index.html for a screen's address when Accept names text/html */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description br and gzip are there for what the build has compressed */
                    "Accept-Encoding"?: string;
                    "If-None-Match"?: string;
                };
                path: {
                    /** @description A file of the UI, or the address of one of its screens */
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file */
                200: {
                    headers: {
                        /** @description Strong, of this encoding's bytes */
                        ETag?: string;
                        /** @description A year and immutable below /assets/, else no-cache */
                        "Cache-Control"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "*/*": unknown;
                    };
                };
                /** @description The client has these bytes */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Problem"];
                404: components["responses"]["Problem"];
                /** @description The UI is not built; the page says how to */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/producer/{rest}": components["pathItems"]["PassedOn"];
    "/api/consumer/{rest}": components["pathItems"]["PassedOn"];
    "/api/steward/{rest}": components["pathItems"]["PassedOn"];
    "/api/seer/{rest}": components["pathItems"]["PassedOn"];
    "/api": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Nothing by itself: the problem names what is below it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                404: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is each service there, and ready? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What each service's /readyz said just now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                503: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/_health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The earlier system's health page */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The earlier system's health page */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Does the process run? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It does */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the UI loaded? The services are no part of it: see /api/health */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Ready */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not ready; the checks say why */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus text format */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The metrics */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": unknown;
                    };
                };
            };
        };
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
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            field?: string;
            limit?: number;
            retry_after_s?: number;
            /**
             * @description Of a failed changing call to the producer: may a record have got into Kafka?
             * @enum {unknown}
             */
            persisted?: "no" | "possibly";
        };
        Health: {
            services: {
                /** @enum {unknown} */
                name: "producer" | "consumer" | "steward" | "seer";
                /** @description Where the portal looks for it */
                url: string;
                /** @description The portal's setting that says so */
                setting: string;
                /** @enum {unknown} */
                state: "ready" | "unready" | "down";
                /** @description How long the question took */
                ms: number;
                /** @description Why it is down, and what to do */
                why: string | null;
                /** @description What runs there; null: it does not answer, or not so */
                version: string | null;
                /** @description Seconds since it listens */
                uptime_s: number | null;
                /** @description What the service says of each thing it needs */
                checks: {
                    [key: string]: {
                        ready: boolean;
                        why?: string;
                    };
                } | null;
            }[];
            portal: {
                version: string;
                uptime_s: number;
                ui_built: boolean;
            };
        };
    };
    responses: {
        /** @description The service's own answer */
        PassedOn: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
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
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: {
        PassedOn: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The service's own path and query, passed on byte for byte */
                    rest: string;
                };
                cookie?: never;
            };
            /** Passed on; HEAD too */
            get: {
                parameters: {
                    query?: never;
                    header?: never;
                    path: {
                        /** @description The service's own path and query, passed on byte for byte */
                        rest: string;
                    };
                    cookie?: never;
                };
                requestBody?: never;
                responses: {
                    502: components["responses"]["Problem"];
                    503: components["responses"]["Problem"];
                    504: components["responses"]["Problem"];
                    default: components["responses"]["PassedOn"];
                };
            };
            /** Passed on */
            put: {
                parameters: {
                    query?: never;
                    header?: never;
                    path: {
                        /** @description The service's own path and query, passed on byte for byte */
                        rest: string;
                    };
                    cookie?: never;
                };
                requestBody?: never;
                responses: {
                    403: components["responses"]["Problem"];
                    413: components["responses"]["Problem"];
                    502: components["responses"]["Problem"];
                    503: components["responses"]["Problem"];
                    504: components["responses"]["Problem"];
                    default: components["responses"]["PassedOn"];
                };
            };
            /** Passed on */
            post: {
                parameters: {
                    query?: never;
                    header?: never;
                    path: {
                        /** @description The service's own path and query, passed on byte for byte */
                        rest: string;
                    };
                    cookie?: never;
                };
                requestBody?: never;
                responses: {
                    403: components["responses"]["Problem"];
                    413: components["responses"]["Problem"];
                    502: components["responses"]["Problem"];
                    503: components["responses"]["Problem"];
                    504: components["responses"]["Problem"];
                    default: components["responses"]["PassedOn"];
                };
            };
            /** Passed on */
            delete: {
                parameters: {
                    query?: never;
                    header?: never;
                    path: {
                        /** @description The service's own path and query, passed on byte for byte */
                        rest: string;
                    };
                    cookie?: never;
                };
                requestBody?: never;
                responses: {
                    403: components["responses"]["Problem"];
                    413: components["responses"]["Problem"];
                    502: components["responses"]["Problem"];
                    503: components["responses"]["Problem"];
                    504: components["responses"]["Problem"];
                    default: components["responses"]["PassedOn"];
                };
            };
            options?: never;
            head?: never;
            /** Passed on */
            patch: {
                parameters: {
                    query?: never;
                    header?: never;
                    path: {
                        /** @description The service's own path and query, passed on byte for byte */
                        rest: string;
                    };
                    cookie?: never;
                };
                requestBody?: never;
                responses: {
                    403: components["responses"]["Problem"];
                    413: components["responses"]["Problem"];
                    502: components["responses"]["Problem"];
                    503: components["responses"]["Problem"];
                    504: components["responses"]["Problem"];
                    default: components["responses"]["PassedOn"];
                };
            };
            trace?: never;
        };
    };
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
