import { Header } from "./Header";
import { HealthBanner } from "./HealthBanner";
import { Outlet } from "./Outlet";
import { Overlays } from "./Overlays";
import { SkipLink } from "./SkipLink";
import { TokenGate } from "./Token/TokenGate";

/** The shell every screen stands in. */
export function App() {
  return (
    <Overlays>
      <div className="mx-auto flex min-h-dvh max-w-[150rem] flex-col px-4 pb-8 sm:px-6 lg:px-8">
        <SkipLink />
        <Header />
        <TokenGate />
        <HealthBanner />
        <Outlet />
      </div>
    </Overlays>
  );
}
