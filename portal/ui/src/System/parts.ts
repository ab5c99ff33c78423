// The system's parts as the page knows them: the portal, the services behind it, and Kafka as they see it.
import type { Health, HealthReport, ServiceReport } from "../api/hooks/health";

export type PartState = Health;

/** One thing a part needs, or for Kafka: one that needs it. */
export interface Need {
  name: string;
  ready: boolean;
  why?: string | undefined;
}

export interface Part {
  name: PartName;
  state: PartState;
  /** Why it is down, and what to do. */
  why?: string | undefined;
  /** What runs there; undefined: it is not told. */
  version?: string | undefined;
  uptimeS?: number | undefined;
  /** How long the portal waited for its answer. */
  askedMs?: number | undefined;
  url?: string | undefined;
  /** The portal's setting that says where it is. */
  setting?: string | undefined;
  needs: readonly Need[];
}

export const ABOUT = {
  portal: "Serves this page and is its one way to the services",
  producer: "Takes messages over HTTP and answers when Kafka has confirmed them",
  kafka: "Keeps the messages",
  consumer: "Reads every message and keeps its receipt",
  steward: "Knows the cluster’s topics, groups and brokers",
  seer: "Answers questions about documents and topics, with the place it read the answer at",
} as const;

export type PartName = keyof typeof ABOUT;

/** portalGone: the portal gave no answer just now, so nothing is known of what is behind it. */
export function partsOf(report: HealthReport | undefined, portalGone: boolean): Part[] {
  const known = portalGone ? undefined : report;
  const service = (name: ServiceReport["name"]) => servicePart(name, known?.services.find((one) => one.name === name));
  return [portalPart(known, portalGone), service("producer"), kafkaPart(known?.services ?? []), service("consumer"), service("steward"), service("seer")];
}

export const partNamed = (parts: readonly Part[], name: PartName): Part => parts.find((part) => part.name === name) ?? unknownPart(name);

const unknownPart = (name: PartName): Part => ({ name, state: "unknown", needs: [] });

function portalPart(report: HealthReport | undefined, gone: boolean): Part {
  if (gone) return { ...unknownPart("portal"), state: "down", why: "It gives no answer." };
  if (!report) return unknownPart("portal");
  const { version, uptime_s: uptimeS, ui_built: built } = report.portal;
  return { name: "portal", state: built ? "ready" : "unready", version, uptimeS, needs: [{ name: "the page’s files", ready: built }] };
}

function servicePart(name: ServiceReport["name"], report: ServiceReport | undefined): Part {
  if (!report) return unknownPart(name);
  return {
    name,
    state: report.state,
    why: report.why ?? undefined,
    version: report.version ?? undefined,
    uptimeS: report.uptime_s ?? undefined,
    askedMs: report.ms,
    url: report.url,
    setting: report.setting,
    needs: Object.entries(report.checks ?? {}).map(([need, { ready, why }]) => ({ name: need, ready, why })),
  };
}

/** Nobody asks Kafka itself whether it is ready; those who need it tell how they see it. */
function kafkaPart(services: readonly ServiceReport[]): Part {
  const needs = services.flatMap(({ name, checks }) => (checks?.kafka ? [{ name: `as the ${name} sees it`, ...checks.kafka }] : []));
  return { name: "kafka", state: seenState(needs), needs };
}

function seenState(needs: readonly Need[]): PartState {
  if (needs.length === 0) return "unknown";
  if (needs.every(({ ready }) => ready)) return "ready";
  return needs.some(({ ready }) => ready) ? "unready" : "down";
}

/** The receipts' store is the consumer's file: it is as the consumer says. */
export function storeState(consumer: Part): PartState {
  const store = consumer.needs.find(({ name }) => name === "store");
  if (!store) return "unknown";
  return store.ready ? "ready" : "down";
}
