// The cluster as the steward sees it: what it is, and what the steward may and can do there.
import { useQuery } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";

export interface Broker {
  id: number;
  host: string;
  port: number;
  rack: string | null;
  controller: boolean;
  leaders: number;
  replicas: number;
}

export interface Cluster {
  cluster_id: string;
  controller: number | null;
  /** The steward refuses every call that changes something. */
  read_only: boolean;
  librdkafka: string;
  /** What its Kafka client is able to do; what it is not, the page says as such. */
  can: { topic_bytes: boolean; incremental_settings: boolean; kip848_groups: boolean };
  brokers: Broker[];
  topics: number;
  partitions: number;
  groups: number;
  as_of_ms: number;
}

/** A setting of a topic or a broker. value null: it is a secret. */
export interface Setting {
  name: string;
  value: string | null;
  source: string;
  default: boolean;
  read_only: boolean;
  sensitive: boolean;
}

const CLUSTER_POLL_MS = 10_000;

export function useCluster() {
  return useQuery({
    queryKey: ["cluster"],
    queryFn: ({ signal }) => requestJson<Cluster>(paths.cluster(), { signal }),
    refetchInterval: CLUSTER_POLL_MS,
  });
}

/** Whether to offer what changes something. Until the steward has said that it allows it, no. */
export function useMayChange(): boolean {
  const { data } = useCluster();
  return data?.read_only === false;
}
