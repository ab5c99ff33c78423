// What the services stand on, with its licence: the table of docs/decisions/0004-libraries.md (libraries.test.ts
// compares the names). What is bundled into the page is not here: the build writes that list itself.

export interface Library {
  name: string;
  licence: string;
  /** Who runs it. */
  use: string;
}

export const LIBRARIES: readonly Library[] = [
  { name: "librdkafka", licence: "BSD-2-Clause", use: "the services’ Kafka client" },
  { name: "libmicrohttpd", licence: "LGPL-2.1-or-later", use: "the services’ HTTP server" },
  { name: "jansson", licence: "MIT", use: "the services’ JSON" },
  { name: "SQLite", licence: "public domain", use: "the consumer’s store" },
  { name: "libcurl", licence: "curl", use: "the portal’s way to the services" },
  { name: "mimalloc", licence: "MIT", use: "the producer’s memory" },
  { name: "xxHash", licence: "BSD-2-Clause", use: "fingerprints in the services" },
  { name: "zlib", licence: "Zlib", use: "compresses the page when it is built" },
  { name: "brotli", licence: "MIT", use: "compresses the page when it is built" },
  { name: "CUnit", licence: "LGPL-2.0-or-later", use: "tests only" },
  { name: "Apache Kafka", licence: "Apache-2.0", use: "the broker, where the stack starts one" },
  { name: "playwright-core", licence: "Apache-2.0", use: "tests only" },
  { name: "Chromium", licence: "BSD-3-Clause and others", use: "tests only" },
];
