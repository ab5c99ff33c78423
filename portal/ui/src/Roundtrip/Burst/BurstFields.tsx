import { type KeyboardEvent, useState } from "react";
import type { Draft } from "../../api/hooks/produce";
import { count } from "../../lib/format";
import { newUuid } from "../../lib/uuid";
import { wholeNumber } from "../../lib/wholeNumber";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import type { FormValues } from "../Send/formValues";
import { type BurstPlan, COUNT_MAX, RATE_MAX } from "./burst";
import { nthValues } from "./counter";
import { recordMaker } from "./recordMaker";

interface BurstFieldsProps {
  values: FormValues;
  /** The message that the form makes of values; undefined: something is wrong with it, and was said. */
  read(values: FormValues): Promise<Draft | undefined>;
  onStart(plan: BurstPlan): void;
}

/** How many, and how fast. */
export function BurstFields({ values, read, onStart }: BurstFieldsProps) {
  const [many, setMany] = useState("1000");
  const [fast, setFast] = useState("");
  const total = wholeNumber(many);
  const rate = fast.trim() === "" ? undefined : wholeNumber(fast);
  const wrongCount = total === undefined || total < 1 || total > COUNT_MAX;
  const wrongRate = fast.trim() !== "" && (rate === undefined || rate < 1 || rate > RATE_MAX);

  async function start() {
    if (wrongCount || wrongRate) return;
    const draft = await read(nthValues(values, 1));
    if (draft) onStart({ id: newUuid(), topic: draft.topic, record: recordMaker(values, draft), count: total, rate });
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
      <p className="mt-2 text-xs text-pretty text-faint">
        <code className="font-mono">{"{n}"}</code> in key and message becomes the message&rsquo;s number, from 1.
      </p>
      <Button icon="play" className="mt-3" onClick={start}>
        Start the burst
      </Button>
    </fieldset>
  );
}
