import { clockTime, duration, exactTime } from "../lib/format";
import { cx } from "../ui/cx";
import { LOOKS, STAGES, StageNode } from "./StageNode";
import type { Journey, Stage } from "./journey";

/** Three stages and the time between them; where there is room, the distance is the time. */
export function Timeline({ journey }: { journey: Journey }) {
  const { stages, acceptedToAckedUs, ackedToConsumedUs } = journey;
  const gaps = [acceptedToAckedUs, ackedToConsumedUs, null];
  const next = stages.findIndex(({ state }) => state === "pending");
  return (
    <ol
      aria-label="Stages"
      className="flex max-w-5xl flex-col sm:grid sm:grid-cols-[var(--way)] sm:transition-[grid-template-columns] sm:duration-300"
      style={{ "--way": columns(acceptedToAckedUs, ackedToConsumedUs) } as React.CSSProperties}
    >
      {stages.map((stage, index) => (
        <StageItem
          key={stage.name}
          stage={stage}
          waitedFor={index === next}
          gapBeforeUs={gaps[index - 1] ?? null}
          gapAfterUs={gaps[index] ?? null}
          leadsOn={stages[index + 1]?.state === "ok"}
          last={index === stages.length - 1}
        />
      ))}
    </ol>
  );
}

const SHARE_MIN = 0.25;

/** Columns as wide as the times between the stages, none narrower than its text. */
export function columns(firstUs: number | null, secondUs: number | null): string {
  const sum = (firstUs ?? 0) + (secondUs ?? 0);
  const known = firstUs !== null && secondUs !== null && firstUs >= 0 && secondUs >= 0 && sum > 0;
  const share = known ? Math.min(Math.max(firstUs / sum, SHARE_MIN), 1 - SHARE_MIN) : 0.5;
  return `minmax(9rem, ${share.toFixed(3)}fr) minmax(9rem, ${(1 - share).toFixed(3)}fr) auto`;
}

interface StageItemProps {
  stage: Stage;
  waitedFor: boolean;
  gapBeforeUs: number | null;
  gapAfterUs: number | null;
  leadsOn: boolean;
  last: boolean;
}

function StageItem({ stage, waitedFor, gapBeforeUs, gapAfterUs, leadsOn, last }: StageItemProps) {
  const { title, about } = STAGES[stage.name];
  const { words } = LOOKS[stage.state];
  return (
    <li className={cx("flex gap-3 sm:block", !last && "min-h-16 sm:min-h-0")} title={about}>
      <div className="flex flex-col items-center sm:flex-row">
        <StageNode state={stage.state} waitedFor={waitedFor} />
        {!last && <Connector us={gapAfterUs} passed={leadsOn} />}
      </div>
      <div className="flex-1 pt-0.5 sm:mt-2.5 sm:pt-0 sm:pr-4">
        <p className="flex items-baseline justify-between gap-3 font-medium">
          {title}
          <span className="sr-only">: {words}</span>
          {gapBeforeUs !== null && <span className="figures text-sm font-normal text-soft sm:hidden">{laterText(gapBeforeUs)}</span>}
        </p>
        <p className={cx("figures text-xs text-faint", stage.atUs !== null && "font-mono")} title={stage.atUs === null ? undefined : exactTime(stage.atUs)}>
          {timeText(stage)}
        </p>
      </div>
    </li>
  );
}

/** Negative times are real: the consumer can have a message before the producer's report. */
const spanText = (us: number) => (us < 0 ? `${duration(-us)} earlier` : duration(us));
const laterText = (us: number) => (us < 0 ? spanText(us) : `+${duration(us)}`);

function timeText({ state, atUs }: Stage): string {
  if (atUs !== null) return clockTime(atUs);
  return state === "ok" ? "time not recorded" : LOOKS[state].words;
}

/** The way to the next stage. */
function Connector({ us, passed }: { us: number | null; passed: boolean }) {
  const line = cx("min-h-3 w-px flex-1 sm:h-px sm:min-h-0 sm:w-auto", passed ? "bg-ok/60" : "bg-line");
  return (
    <div className="flex flex-1 flex-col items-center py-1 sm:flex-row sm:px-1.5 sm:py-0">
      <span className={line} />
      {us !== null && (
        <>
          <span className="figures hidden px-2 text-sm whitespace-nowrap text-soft sm:block">{spanText(us)}</span>
          <span className={cx(line, "hidden sm:block")} />
        </>
      )}
    </div>
  );
}
