import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The portal is often on this very machine: no network is no reason not to ask it.
      queries: { networkMode: "always", retry: false, refetchOnWindowFocus: true },
      mutations: { networkMode: "always" },
    },
  });
}

export function Providers({ client, children }: { client: QueryClient; children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
