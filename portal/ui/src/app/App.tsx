import { Roundtrip } from "../Roundtrip/Roundtrip";
import { Header } from "./Header";
import { HealthBanner } from "./HealthBanner";

/** The shell every screen stands in. */
export function App() {
  return (
    <div className="mx-auto flex min-h-dvh max-w-[150rem] flex-col px-4 pb-8 sm:px-6 lg:px-8">
      <Header />
      <HealthBanner />
      <main className="flex flex-1 flex-col">
        <Roundtrip />
      </main>
    </div>
  );
}
