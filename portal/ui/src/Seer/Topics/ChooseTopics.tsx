import { type FormEvent, useState } from "react";
import { type LearntTopics, useChooseTopics } from "../../api/hooks/seer";
import { useTopicNames } from "../../api/hooks/topicNames";
import { ActionButton } from "../../ui/ActionButton";
import { Checkbox } from "../../ui/Checkbox";
import { Trouble } from "../Trouble";

/** All topics, or some by name. What is chosen by name for the first time is learnt from its first message. */
export function ChooseTopics({ topics }: { topics: LearntTopics }) {
  const names = useKnownNames(topics);
  const [all, setAll] = useState(topics.learning === "all");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(topics.chosen));
  const choose = useChooseTopics();
  const unchanged = all === (topics.learning === "all") && (all || same(chosen, topics.chosen));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!unchanged && !choose.isPending) choose.mutate({ topics: all ? "all" : [...chosen], from: "beginning" });
  }
  function toggle(name: string, on: boolean) {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    setChosen(next);
  }

  return (
    <form aria-label="Topics to learn from" onSubmit={submit} className="flex flex-col gap-3 rounded-xl border border-line bg-sunken p-4">
      <fieldset className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
        <legend className="mb-2 text-sm font-medium text-soft">Learn from</legend>
        <Choice title="All topics, new ones too" checked={all} onChoose={() => setAll(true)} />
        <Choice title="These alone" checked={!all} onChoose={() => setAll(false)} />
      </fieldset>
      {!all && (
        <div role="group" aria-label="Topics" className="grid max-h-64 gap-1.5 overflow-y-auto sm:grid-cols-2 lg:grid-cols-3">
          {names.map((name) => (
            <Checkbox key={name} checked={chosen.has(name)} onChange={(on) => toggle(name, on)}>
              <span className="wrap-anywhere">{name}</span>
            </Checkbox>
          ))}
        </div>
      )}
      {choose.error && <Trouble error={choose.error} />}
      <div className="flex items-center gap-3">
        <ActionButton off={unchanged || choose.isPending}>{choose.isPending ? "Begins anew" : "Learn"}</ActionButton>
        <p className="text-xs text-pretty text-faint">A topic chosen by name is learnt from its first message on. What was learnt stays.</p>
      </div>
    </form>
  );
}

const Choice = ({ title, checked, onChoose }: { title: string; checked: boolean; onChoose(): void }) => (
  <label className="flex cursor-pointer items-center gap-1.5 text-soft hover:text-ink">
    <input type="radio" name="which" className="size-4 accent-accent" checked={checked} onChange={onChoose} />
    {title}
  </label>
);

/** Those the seer speaks of, those that were chosen (patterns too), and the cluster's. */
function useKnownNames({ topics, not_learning, chosen }: LearntTopics): string[] {
  const cluster = useTopicNames();
  return [...new Set([...chosen, ...topics.map(({ topic }) => topic), ...not_learning, ...cluster.map(({ value }) => value)])].toSorted();
}

const same = (chosen: ReadonlySet<string>, before: readonly string[]) => chosen.size === before.length && before.every((name) => chosen.has(name));
