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
  { name: "SQLite", licence: "public domain", use: "the consumer’s store, the seer’s index" },
  { name: "libpq", licence: "PostgreSQL", use: "the consumer’s store on PostgreSQL" },
  { name: "libcurl", licence: "curl", use: "the portal’s way to the services" },
  { name: "mimalloc", licence: "MIT", use: "the producer’s memory" },
  { name: "xxHash", licence: "BSD-2-Clause", use: "fingerprints in the services" },
  { name: "zlib", licence: "Zlib", use: "compresses the page when it is built" },
  { name: "brotli", licence: "MIT", use: "compresses the page when it is built" },
  { name: "utf8proc", licence: "MIT and Unicode", use: "the seer’s words" },
  { name: "libxml2", licence: "MIT", use: "the seer’s HTML" },
  { name: "potion-base-8M", licence: "MIT", use: "the seer’s table of meaning, © MinishLab" },
  { name: "CUnit", licence: "LGPL-2.0-or-later", use: "tests only" },
  { name: "Apache Kafka", licence: "Apache-2.0", use: "the broker, where the stack starts one" },
  { name: "playwright-core", licence: "Apache-2.0", use: "tests only" },
  { name: "Chromium", licence: "BSD-3-Clause and others", use: "tests only" },
];
