// TypeScript of the services' OpenAPI, in ../src/api/types/:
//   node generate.mjs            writes it
//   node generate.mjs --check    fails when it is not what the services say now
// A package of its own, since the generator builds on TypeScript 5 and the page is checked with a newer one.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const SERVICES = ["producer", "consumer", "portal", "steward", "seer"];
const HEADER = "// Made from the service's openapi.json by `npm run types`. Changed there, not here.\n";

const repository = new URL("../../../", import.meta.url);
const typesOf = (service) => new URL(`portal/ui/src/api/types/${service}.ts`, repository);

async function generate(service) {
  const openapi = JSON.parse(readFileSync(new URL(`${service}/openapi.json`, repository), "utf8"));
  return HEADER + astToString(await openapiTS(openapi));
}

async function make(service) {
  const types = await generate(service);
  if (!process.argv.includes("--check")) {
    writeFileSync(typesOf(service), types);
  } else if (readFileSync(typesOf(service), "utf8") !== types) {
    console.error(`src/api/types/${service}.ts is not what ${service}/openapi.json says: npm run types makes it anew`);
    process.exitCode = 1;
  }
}

await Promise.all(SERVICES.map(make));
