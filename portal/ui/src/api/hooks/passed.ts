// Which consumer groups have passed a message, as the steward's looks at committed offsets saw it.
import { useQuery } from "@tanstack/react-query";
import { paths } from "../paths";
import type { components } from "../types/steward";
import { askSteward } from "./steward";

type Passed = components["schemas"]["Passed"];
export type PassedGroup = Passed["groups"][number];

const POLL_MS = 2_000;

/** Before the steward's first look at a group it knows none: that is no end. */
const allPassed = (groups: readonly PassedGroup[]) => groups.length > 0 && groups.every(({ passed }) => passed);

/** undefined: not known, or no steward is there. Asked again until all have passed. */
export function usePassed({ topic, partition, offset }: { topic: string; partition: number; offset: number }) {
  const { data } = useQuery({
    queryKey: ["passed", topic, partition, offset],
    queryFn: (asking) => askSteward<Passed>(paths.passed(topic, partition, offset), asking),
    refetchInterval: ({ state }) => (state.error || allPassed(state.data?.groups ?? []) ? false : POLL_MS),
  });
  return data?.groups;
}
