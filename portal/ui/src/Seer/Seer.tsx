import { Link } from "wouter";
import { type Part, partNamed } from "../System/parts";
import { StateBadge } from "../System/StateBadge";
import { useParts } from "../System/useParts";
import { sentence } from "../lib/sentence";
import { CopyButton } from "../ui/CopyButton";
import { Panel } from "../ui/Panel";

/** The seer's service is not part of this version: this says so, and where it would have to be. */
export function Seer() {
  const { parts } = useParts();
  const seer = partNamed(parts, "seer");
  return (
    <Panel title="Seer" className="mx-auto w-full max-w-3xl" aside={<StateBadge state={seer.state} />}>
      <div className="flex flex-col gap-4 text-sm text-pretty text-soft">
        <Standing seer={seer} />
        <section aria-label="Where the portal looks for it">
          <h3 className="mb-1 font-medium text-ink">Where the portal looks for it</h3>
          <Place seer={seer} />
        </section>
        <section aria-label="Until then">
          <h3 className="mb-1 font-medium text-ink">Until then</h3>
          <p>
            A topic&rsquo;s messages are browsed from any offset or time on <Screen href="/topics">Topics</Screen>. Which groups have fallen behind is on{" "}
            <Screen href="/groups">Groups</Screen>.
          </p>
        </section>
      </div>
    </Panel>
  );
}

const Screen = ({ href, children }: { href: string; children: string }) => (
  <Link href={href} className="text-accent underline underline-offset-2">
    {children}
  </Link>
);

/** How it stands with the service just now, as far as the portal knows. */
function Standing({ seer: { state, version, needs, why } }: { seer: Part }) {
  if (state === "unknown") return <p role="status">Asking the portal for the seer</p>;
  if (state === "absent") {
    return (
      <>
        <p className="text-base text-ink">This version comes without the seer, so there is nothing to ask here yet.</p>
        <p>
          The seer is planned as a service of its own beside the producer and the consumer. It is to index documents and the topics that are chosen for it, and to
          answer questions with the messages and passages it took the answer from. It will need to read those topics in Kafka, and room on disk for its index.
        </p>
      </>
    );
  }
  const missing = needs.flatMap((need) => (need.ready ? [] : `${need.name}: ${need.why ?? "not ready"}`));
  return (
    <>
      <p className="text-base text-ink">A service answers as the seer{version && `, version ${version}`}. This version of the page cannot ask it anything.</p>
      {[...missing, ...(why ? [why] : [])].map((trouble) => (
        <p key={trouble} className="text-warn">
          {sentence(trouble)}
        </p>
      ))}
    </>
  );
}

function Place({ seer: { url, setting, state } }: { seer: Part }) {
  if (!url || !setting) return <p>Not known before the portal answers.</p>;
  return (
    <>
      <p>
        Calls below <code className="font-mono text-xs text-ink">/api/seer/</code> are passed on to the address in the portal&rsquo;s setting {setting}.
        {state === "absent" && " Nobody answers there now. This page asks every few seconds and shows it when somebody does."}
      </p>
      <p className="mt-1.5 inline-flex max-w-full items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-1 pl-2.5 font-mono text-xs text-ink">
        <span className="min-w-0 wrap-anywhere">{`${setting}=${url}`}</span>
        <CopyButton text={`${setting}=${url}`} what="the setting" />
      </p>
    </>
  );
}
