import { useGroupLag } from "../../api/hooks/groups";
import { Answer } from "../../Cluster/Answer";
import { useUrlState } from "../../lib/useUrlState";
import { Empty } from "../../ui/Panel";
import { Select } from "../../ui/Select";
import { LineChart } from "../../ui/chart/LineChart";
import { lagLines, sinceKnown } from "../offsets";

const WINDOWS = [
  { title: "Last 10 minutes", s: 600 },
  { title: "Last hour", s: 3_600 },
] as const;

export function LagHistory({ group }: { group: string }) {
  const [params, setParams] = useUrlState();
  const window = WINDOWS.find(({ s }) => String(s) === params.get("window")) ?? WINDOWS[1];
  const history = useGroupLag(group, window.s);
  return (
    <div className="min-w-0">
      <div className="mb-3 flex items-center justify-between gap-4">
        <h3 className="text-sm font-medium text-soft">Lag over time</h3>
        <div className="w-44">
          <Select
            aria-label="How far back"
            options={WINDOWS.map(({ title }) => title)}
            value={window.title}
            onChange={({ target }) => setParams({ window: WINDOWS.find(({ title }) => title === target.value)?.s })}
          />
        </div>
      </div>
      <Answer query={history} what="the lag over time">
        {(data) => {
          const known = sinceKnown(data);
          if (!known.series.some(({ lag }) => lag.some((value) => value !== null))) {
            return <Empty title="No history yet">The steward keeps it in memory from its own start on, and has not looked at this group yet.</Empty>;
          }
          return <LineChart label={`Lag of ${group}`} lines={lagLines(known)} fromMs={known.from_ms} stepMs={known.step_s * 1_000} />;
        }}
      </Answer>
    </div>
  );
}
