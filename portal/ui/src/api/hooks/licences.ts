import { useQuery } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";

/** A package that is bundled into the page, as the build found it (scripts/licences.ts). */
export interface PackageLicence {
  name: string;
  version: string;
  licence: string;
}

export function useLicences() {
  return useQuery({
    queryKey: ["licences"],
    queryFn: ({ signal }) => requestJson<PackageLicence[]>(paths.licences(), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
