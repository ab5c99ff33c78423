import { Link } from "wouter";
import { useParts } from "../System/useParts";
import { Panel } from "../ui/Panel";
import { Documents } from "./Documents";
import { Licences } from "./Licences";
import { SystemPicture } from "./Picture/SystemPicture";
import { Versions } from "./Versions";

/** What this is, what of it runs here, and under which licences. */
export function About() {
  const { parts } = useParts();
  return (
    <div className="grid flex-1 content-start items-start gap-4 lg:grid-cols-2">
      <Panel
        title="How it works together"
        className="lg:col-span-2"
        aside={
          <Link href="/health" className="text-sm text-accent hover:underline">
            Health, in detail
          </Link>
        }
      >
        <SystemPicture parts={parts} />
      </Panel>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Versions">
          <Versions parts={parts} />
        </Panel>
        <Panel title="Documents">
          <Documents />
        </Panel>
      </div>
      <Panel title="Licences">
        <Licences />
      </Panel>
    </div>
  );
}
