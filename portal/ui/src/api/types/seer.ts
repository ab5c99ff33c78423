// Made from the service's openapi.json by `npm run types`. Changed there, not here.
export interface paths {
    "/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take one statement */
        post: operations["acceptStatement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Load files that lie below LOAD_DIR; with Accept: text/event-stream events `progress` (LoadProgress) and at the end `done` (LoadReport) or `error` (Problem) */
        post: operations["loadFiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Documents, the newest first */
        get: operations["listDocuments"];
        /** Take a document in place of what its source had; of multipart/form-data each part with a file's name is one */
        put: operations["putDocument"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document's facts, and a range of its text */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        /** Delete a document: it is gone from all answers when this has been answered */
        delete: operations["deleteDocument"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The passages that fit best */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An answer with its sources; the question may also be the body */
        get: operations["ask"];
        put?: never;
        /** The same with the question in the body: text, or JSON with the filters in it */
        post: operations["askBody"];
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
        /** The topics it learns from, and how far it is behind each */
        get: operations["listLearning"];
        put?: never;
        /** Choose the topics it learns from */
        post: operations["chooseTopics"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the index holds, and what it is searched with */
        get: operations["getStatus"];
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
        /** @enum {string} */
        Kind: "document" | "statement" | "message";
        /** @enum {string} */
        Mode: "words" | "meaning" | "both";
        /** @description [from, to) in characters */
        Span: number[];
        Hit: {
            /**
             * Format: int64
             * @description The id for /documents/{id}
             */
            document: number;
            /** @description The document's name; of a message TOPIC/PARTITION/OFFSET */
            source: string;
            title: string | null;
            kind: components["schemas"]["Kind"];
            topic: string | null;
            partition: number | null;
            /** Format: int64 */
            offset: number | null;
            /** @description The producer's id, for a receipt */
            message_id: string | null;
            /**
             * Format: date-time
             * @description The message's timestamp, or when the document was added
             */
            time: string;
            /** @description In the document's text */
            span: components["schemas"]["Span"];
            /**
             * Format: int64
             * @description Of its beginning, from 1
             */
            line: number;
            /** @description Orders one answer's; not to be compared between questions */
            score: number;
            /** @description The passage */
            text: string;
            /** @description In characters of `text`: of a search the question's words, of an answer its sentence */
            highlights: components["schemas"]["Span"][];
        };
        Freshness: {
            /** @description That are learnt from */
            topics: number;
            /**
             * Format: int64
             * @description Their messages that are not learnt yet
             */
            behind: number;
            /**
             * Format: int64
             * @description Since when that is so; 0: nothing is behind
             */
            behind_ms: number;
        };
        SearchResult: {
            query: string;
            /** @description How it was searched */
            mode: components["schemas"]["Mode"];
            /** @description Why meaning could not be used though it was asked for */
            words_only: string | null;
            results: components["schemas"]["Hit"][];
            took_ms: number;
            freshness: components["schemas"]["Freshness"];
        };
        Answer: {
            question: string;
            /** @description "I don't know" where the sources have none */
            answer: string;
            /** @description The first is where the answer stands; of an unknown one, the best passages */
            sources: components["schemas"]["Hit"][];
            confidence: number;
            known: boolean;
            /**
             * @description extract: the source's own sentence; llm: by the language model, from the sources alone
             * @enum {string}
             */
            worded_by: "extract" | "llm";
            /** @description Why the language model did not word it: its answer had no support in the sources, or it gave none in time */
            not_worded: string | null;
            /** @description Why it was not searched by meaning */
            words_only: string | null;
            took_ms: number;
            freshness: components["schemas"]["Freshness"];
        };
        Document: {
            /** Format: int64 */
            id: number;
            source: string;
            title: string | null;
            tags: string[];
            kind: components["schemas"]["Kind"];
            /** @description What it was read as: text, markdown, html, json, ndjson, csv */
            type: string | null;
            /**
             * Format: int64
             * @description As it came
             */
            bytes: number;
            /**
             * Format: int64
             * @description Of its text
             */
            chars: number;
            passages: number;
            /** Format: date-time */
            added: string;
            topic: string | null;
            partition: number | null;
            /** Format: int64 */
            offset: number | null;
            message_id: string | null;
            /**
             * Format: date-time
             * @description The message's timestamp, or when it was added
             */
            time: string;
        };
        Documents: {
            documents: components["schemas"]["Document"][];
            /**
             * Format: int64
             * @description ?before= of the next page; null: there is none
             */
            next: number | null;
            /**
             * Format: int64
             * @description Of this kind and source
             */
            total: number;
        };
        DocumentWithText: components["schemas"]["Document"] & {
            /**
             * Format: int64
             * @description Of its text
             */
            lines: number;
            text: string;
            /** @description Which characters these are */
            span: components["schemas"]["Span"];
        };
        PutDocument: {
            /** Format: int64 */
            id: number;
            source: string;
            passages: number;
            kind: components["schemas"]["Kind"];
            replaced: boolean;
        };
        PutParts: {
            documents: (components["schemas"]["PutDocument"] | components["schemas"]["FileError"])[];
        };
        /** @description PutParts for multipart/form-data */
        Put: components["schemas"]["PutDocument"] | components["schemas"]["PutParts"];
        FileError: {
            source: string;
            error: string;
        };
        FileLoaded: {
            source: string;
            /** Format: int64 */
            id: number;
            passages: number;
        };
        LoadReport: {
            /** @example 5 file(s) loaded */
            status: string;
            files: (components["schemas"]["FileLoaded"] | components["schemas"]["FileError"])[];
        };
        LoadProgress: {
            file: string;
            /** Format: int64 */
            done_bytes: number;
            /** Format: int64 */
            bytes: number;
            passages: number;
        };
        TopicState: {
            topic: string;
            /** @description false: it was learnt from, and its messages stay */
            chosen: boolean;
            partitions: number;
            /**
             * Format: int64
             * @description Up to here it was read: the sum of its partitions' offsets
             */
            indexed: number;
            /**
             * Format: int64
             * @description The sum of its logs' ends
             */
            end: number;
            /** Format: int64 */
            behind: number;
            /**
             * Format: int64
             * @description Of it that were learnt, ever
             */
            messages: number;
            /**
             * Format: int64
             * @description That were no text, since it is learnt
             */
            skipped: number;
            /**
             * Format: date-time
             * @description When the newest was learnt
             */
            last: string | null;
        };
        Topics: {
            /** @enum {string} */
            learning: "all" | "chosen";
            /** @description The names and ^patterns as they were chosen; empty when it learns from all */
            chosen: string[];
            topics: components["schemas"]["TopicState"][];
            /** @description Topics of the cluster that have no row above */
            not_learning: string[];
        };
        Status: {
            documents: {
                document: number;
                statement: number;
                message: number;
            };
            passages: number;
            vectors: number;
            /** Format: int64 */
            index_bytes: number;
            /**
             * Format: int64
             * @description Of the process
             */
            memory_bytes: number;
            embedder: {
                /**
                 * @description table: the static embeddings in MODEL_DIR; none: words alone
                 * @enum {string}
                 */
                kind: "table" | "endpoint" | "none";
                model: string | null;
                dims: number | null;
                /** @description Why there is none now, and what to do */
                why: string | null;
            };
            /** @description null: answers are the sources' own sentences */
            llm: {
                model: string | null;
                /** @description Why its last call failed; null: it did not */
                why: string | null;
            } | null;
            /** @description POST /load reads below it; null: it is not set */
            load_dir: string | null;
            /** Format: int64 */
            document_max_bytes: number;
            /** @description Why the index takes no messages just now */
            learning_paused: string | null;
            freshness: components["schemas"]["Freshness"];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            field?: string;
            /** Format: int64 */
            limit?: number;
            line?: number;
            column?: number;
            retry_after_s?: number;
        };
    };
    responses: {
        /** @description The answer. With Accept: text/event-stream: the events `sources` ({"sources":[Hit]}), `answer` ({"text"}: pieces that make the answer, as they come), and at the end `done` (Answer) or `error` (Problem) */
        Answer: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Answer"];
                "text/event-stream": string;
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
        id: number;
        title: string;
        /** @description The name it goes by; a second one of the same name replaces it */
        source: string;
        /** @description Separated by commas */
        tags: string;
        /** @description A question or words */
        q: string;
        /** @description Messages of this topic only */
        onlyTopic: string;
        /** @description This source only */
        onlySource: string;
        /** @description What was written since: an RFC 3339 time, or milliseconds since 1970 */
        since: string;
        /** @description How many passages */
        k: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    acceptStatement: {
        parameters: {
            query?: {
                title?: components["parameters"]["title"];
                /** @description The name it goes by; a second one of the same name replaces it */
                source?: components["parameters"]["source"];
                /** @description Separated by commas */
                tags?: components["parameters"]["tags"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example The warehouse in Ulm closes at six. */
                "text/plain": string;
            };
        };
        responses: {
            /** @description It can be found */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: int64 */
                        id: number;
                        /** @constant */
                        status: "statement accepted";
                        passages: number;
                    };
                };
            };
            400: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    loadFiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example war_and_peace.txt
                 *     moby_dick.txt
                 */
                "text/plain": string;
            };
        };
        responses: {
            /** @description At least one was loaded; a file that could not be has its error */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoadReport"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listDocuments: {
        parameters: {
            query?: {
                kind?: components["schemas"]["Kind"];
                /** @description The whole name */
                source?: string;
                limit?: number;
                /** @description `next` of the page before this one */
                before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Documents"];
                };
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    putDocument: {
        parameters: {
            query?: {
                /** @description The name it goes by; a second one of the same name replaces it */
                source?: components["parameters"]["source"];
                title?: components["parameters"]["title"];
                /** @description Separated by commas */
                tags?: components["parameters"]["tags"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
                "text/markdown": string;
                "text/html": string;
                "text/csv": string;
                "application/json": unknown;
                "application/x-ndjson": string;
                "multipart/form-data": {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description It took the place of an older one, and can be found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Put"];
                };
            };
            /** @description It is new, and can be found */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Put"];
                };
            };
            400: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getDocument: {
        parameters: {
            query?: {
                from?: number;
                /** @description At most 100,000 characters behind `from`, which is the default */
                to?: number;
            };
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentWithText"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    search: {
        parameters: {
            query?: {
                /** @description A question or words */
                q?: components["parameters"]["q"];
                mode?: components["schemas"]["Mode"];
                /** @description Messages of this topic only */
                topic?: components["parameters"]["onlyTopic"];
                /** @description This source only */
                source?: components["parameters"]["onlySource"];
                /** @description What was written since: an RFC 3339 time, or milliseconds since 1970 */
                since?: components["parameters"]["since"];
                /** @description How many passages */
                k?: components["parameters"]["k"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The best first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResult"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    ask: {
        parameters: {
            query?: {
                /** @description A question or words */
                q?: components["parameters"]["q"];
                /** @description Messages of this topic only */
                topic?: components["parameters"]["onlyTopic"];
                /** @description This source only */
                source?: components["parameters"]["onlySource"];
                /** @description What was written since: an RFC 3339 time, or milliseconds since 1970 */
                since?: components["parameters"]["since"];
                /** @description How many passages */
                k?: components["parameters"]["k"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Answer"];
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    askBody: {
        parameters: {
            query?: {
                /** @description Messages of this topic only */
                topic?: components["parameters"]["onlyTopic"];
                /** @description This source only */
                source?: components["parameters"]["onlySource"];
                /** @description What was written since: an RFC 3339 time, or milliseconds since 1970 */
                since?: components["parameters"]["since"];
                /** @description How many passages */
                k?: components["parameters"]["k"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
                /**
                 * @example {
                 *       "question": "Who captained the Pequod?",
                 *       "k": 5
                 *     }
                 */
                "application/json": {
                    question: string;
                    topic?: string;
                    source?: string;
                    since?: string;
                    k?: number;
                };
            };
        };
        responses: {
            200: components["responses"]["Answer"];
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listLearning: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["Topics"];
                };
            };
            503: components["responses"]["Problem"];
        };
    };
    chooseTopics: {
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
                 *       "topics": [
                 *         "orders",
                 *         "^pay.*"
                 *       ],
                 *       "from": "beginning"
                 *     }
                 */
                "application/json": {
                    /** @description Names and ^patterns, or "all": each that is not internal */
                    topics: string[] | "all";
                    /**
                     * @description Where a topic named here is read from; beginning: all of it is learnt again. With the default, one that was learnt before goes on where it was
                     * @default end
                     * @enum {unknown}
                     */
                    from?: "beginning" | "end";
                };
            };
        };
        responses: {
            /** @description As GET tells it from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topics"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            503: components["responses"]["Problem"];
        };
    };
}
