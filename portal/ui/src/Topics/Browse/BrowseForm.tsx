import { type FormEvent, useState } from "react";
import { fieldTime, timeInField } from "../../lib/localTime";
import { wholeNumber } from "../../lib/wholeNumber";
import { ActionButton } from "../../ui/ActionButton";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import { type Position, STARTS } from "./position";

const ALL = "All";

interface BrowseFormProps {
  partitions: readonly number[];
  position: Position;
  onGo(position: Position): void;
}

/** Which partition, and from where. */
export function BrowseForm({ partitions, position, onGo }: BrowseFormProps) {
  const [partition, setPartition] = useState(position.partition);
  const [start, setStart] = useState(position.start);
  const [offset, setOffset] = useState(position.start === "offset" ? String(position.at ?? 0) : "0");
  const [time, setTime] = useState(() => fieldTime(position.start === "time" ? (position.at ?? 0) : Date.now() - 3_600_000));
  const [wrong, setWrong] = useState<string>();

  function submit(event: FormEvent) {
    event.preventDefault();
    const at = { beginning: undefined, end: undefined, offset: wholeNumber(offset), time: timeInField(time) }[start];
    const error = errorOf(start, at, partition);
    setWrong(error);
    if (!error) onGo({ partition, start, at });
  }

  return (
    <form noValidate aria-label="Where to browse" onSubmit={submit} className="flex flex-wrap items-start gap-3">
      <div className="w-28">
        <Field label="Partition">
          {(ids) => (
            <Select
              {...ids}
              options={[ALL, ...partitions.map(String)]}
              value={partition === undefined ? ALL : String(partition)}
              onChange={({ target }) => setPartition(wholeNumber(target.value))}
            />
          )}
        </Field>
      </div>
      <div className="w-44">
        <Field label="From">
          {(ids) => (
            <Select
              {...ids}
              options={STARTS.map(({ title }) => title)}
              value={STARTS.find(({ id }) => id === start)?.title}
              onChange={({ target }) => setStart(STARTS.find(({ title }) => title === target.value)?.id ?? "end")}
            />
          )}
        </Field>
      </div>
      {start === "offset" && (
        <div className="w-44">
          <TextField label="Offset" inputMode="numeric" className="field text-sm" value={offset} error={wrong} onChange={setOffset} />
        </div>
      )}
      {start === "time" && (
        <div className="w-56">
          <TextField label="Time" type="datetime-local" step={1} className="field text-sm" value={time} error={wrong} onChange={setTime} />
        </div>
      )}
      <ActionButton className="sm:mt-6.5">Show</ActionButton>
    </form>
  );
}

function errorOf(start: Position["start"], at: number | undefined, partition: number | undefined): string | undefined {
  if (start === "offset" && partition === undefined) return "An offset belongs to one partition: choose one.";
  if (start === "offset" && (at === undefined || at < 0)) return "A whole number, 0 or more.";
  if (start === "time" && at === undefined) return "A date and a time.";
  return undefined;
}
