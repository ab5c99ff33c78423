import { fieldTime, timeInField } from "../../lib/localTime";
import { Select } from "../../ui/Select";
import type { LogStart } from "./useLiveLog";

const WORDS = { latest: "from now on", earliest: "from the beginning", time: "from a time" } as const;
type Kind = keyof typeof WORDS;

const AN_HOUR_MS = 3_600_000;

/** Where the next topic that is added begins. */
export function StartChoice({ start, onChange }: { start: LogStart; onChange(start: LogStart): void }) {
  const kind: Kind = typeof start === "number" ? "time" : start;
  const choose = (words: string) => {
    const next = (Object.keys(WORDS) as Kind[]).find((name) => WORDS[name] === words) ?? "latest";
    onChange(next === "time" ? Date.now() - AN_HOUR_MS : next);
  };
  return (
    <>
      <div className="w-44">
        <Select
          aria-label="Where the added topic begins"
          className="field h-8 appearance-none py-0 pr-9 text-sm"
          options={Object.values(WORDS)}
          value={WORDS[kind]}
          onChange={({ target }) => choose(target.value)}
        />
      </div>
      {typeof start === "number" && (
        <input
          type="datetime-local"
          step={1}
          aria-label="The time it begins at"
          className="field h-8 w-auto py-0 text-sm"
          value={fieldTime(start)}
          onChange={({ target }) => {
            const ms = timeInField(target.value);
            if (ms !== undefined) onChange(ms);
          }}
        />
      )}
    </>
  );
}
