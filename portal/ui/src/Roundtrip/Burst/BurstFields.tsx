import { type KeyboardEvent, useState } from "react";
import type { Draft } from "../../api/hooks/produce";
import { recordOf } from "../../api/hooks/records";
import { count } from "../../lib/format";
import { wholeNumber } from "../../lib/wholeNumber";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import { type BurstPlan, COUNT_MAX, RATE_MAX } from "./burst";

interface BurstFieldsProps {
  /** The message of the form; undefined: something is wrong with it, and was said. */
  read(): Promise<Draft | undefined>;
  onStart(plan: BurstPlan): void;
}

/** How many, and how fast. */
export function BurstFields({ read, onStart }: BurstFieldsProps) {
  const [many, setMany] = useState("1000");
  const [fast, setFast] = useState("");
  const total = wholeNumber(many);
  const rate = fast.trim() === "" ? undefined : wholeNumber(fast);
  const wrongCount = total === undefined || total < 1 || total > COUNT_MAX;
  const wrongRate = fast.trim() !== "" && (rate === undefined || rate < 1 || rate > RATE_MAX);

  async function start() {
    if (wrongCount || wrongRate) return;
    const draft = await read();
    if (draft) onStart({ topic: draft.topic, record: JSON.stringify(recordOf(draft)), count: total, rate });
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // it would send one message
    void start();
  }

  return (
    <fieldset className="min-w-0 rounded-lg border border-line p-3" onKeyDown={onKeyDown}>
      <legend className="px-1 text-sm font-medium text-soft">Burst</legend>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Messages"
          inputMode="numeric"
          value={many}
          onChange={setMany}
          error={wrongCount ? `1 to ${count(COUNT_MAX)}.` : undefined}
        />
        <TextField
          label="A second"
          inputMode="numeric"
          placeholder="As fast as possible"
          value={fast}
          onChange={setFast}
          error={wrongRate ? `1 to ${count(RATE_MAX)}.` : undefined}
        />
      </div>
      <Button icon="play" className="mt-3" onClick={start}>
        Start the burst
      </Button>
    </fieldset>
  );
}
