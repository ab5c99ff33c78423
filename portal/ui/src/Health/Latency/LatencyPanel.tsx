import { type Latency, useLatency } from "../../api/hooks/latency";
import { count, roughDuration } from "../../lib/format";
import { useUrlState } from "../../lib/useUrlState";
import { Fact, Facts } from "../../ui/Facts";
import { Empty, Panel } from "../../ui/Panel";
import { Select } from "../../ui/Select";
import { When } from "../../ui/When";
import { LineChart } from "../../ui/chart/LineChart";
import { ConsumerAnswer } from "../ConsumerAnswer";
import { Gaps } from "./Gaps";
import { Histogram } from "./Histogram";
import { TopicChoice } from "./TopicChoice";
import { latencySteps, percentileLines, sinceFirst } from "./latencySteps";

const WINDOWS = [
  { title: "Last 15 minutes", s: 900 },
  { title: "Last hour", s: 3_600 },
  { title: "Last 6 hours", s: 21_600 },
  { title: "Last 24 hours", s: 86_400 },
] as const;

const SCALES = ["linear", "logarithmic"] as const;

/** How long messages took from accepted to consumed; of which topic, how far back and how it is drawn is in the address. */
export function LatencyPanel() {
  const [params] = useUrlState();
  const window = windowIn(params);
  const topic = params.get("topic") ?? undefined;
  const latency = useLatency(window.s, topic);
  return (
    <Panel title="Latency" aside={<Choices />}>
      <ConsumerAnswer query={latency} what="the latencies">
        {(data, asOfMs) =>
          data.count === 0 ? (
            <Empty title={`No message ${topic === undefined ? "" : `of ${topic} `}in the ${window.title.toLowerCase()}`}>
              When one is consumed, this shows how long it took from accepted to consumed. A longer time back may have some.
            </Empty>
          ) : (
            <Measured latency={data} asOfMs={asOfMs} logarithmic={params.get("scale") === "logarithmic"} />
          )
        }
      </ConsumerAnswer>
    </Panel>
  );
}

const windowIn = (params: URLSearchParams) => WINDOWS.find(({ s }) => String(s) === params.get("window")) ?? WINDOWS[1];

function Choices() {
  const [params, setParams] = useUrlState();
  return (
    <div className="grid grid-cols-2 gap-2 max-sm:w-full sm:flex">
      <TopicChoice topic={params.get("topic") ?? ""} onChange={(topic) => setParams({ topic })} />
      <div className="sm:w-44">
        <Select
          aria-label="How far back"
          options={WINDOWS.map(({ title }) => title)}
          value={windowIn(params).title}
          onChange={({ target }) => setParams({ window: WINDOWS.find(({ title }) => title === target.value)?.s })}
        />
      </div>
      <div className="sm:w-36">
        <Select
          aria-label="Scale"
          options={SCALES}
          value={SCALES.find((scale) => scale === params.get("scale")) ?? SCALES[0]}
          onChange={({ target }) => setParams({ scale: target.value === SCALES[0] ? undefined : target.value })}
        />
      </div>
    </div>
  );
}

function Measured({ latency, asOfMs, logarithmic }: { latency: Latency; asOfMs: number; logarithmic: boolean }) {
  const whole = latencySteps(latency, asOfMs);
  const known = sinceFirst(whole);
  const unit = latency.step_s === 60 ? "minute" : "hour";
  return (
    <>
      <Facts>
        <Fact name="messages">{count(latency.count)}</Fact>
        <Fact name="p50">{roughDuration(latency.p50)}</Fact>
        <Fact name="p95">{roughDuration(latency.p95)}</Fact>
        <Fact name="p99">{roughDuration(latency.p99)}</Fact>
        <Fact name="slowest">{roughDuration(latency.max)}</Fact>
      </Facts>
      <div className="grid gap-x-8 gap-y-6 xl:grid-cols-2">
        <div className="min-w-0">
          <h3 className="mb-2 text-sm font-medium text-soft">
            From accepted to consumed, by the {unit}
            {known.fromMs > whole.fromMs && (
              <>
                , since <When ms={known.fromMs} />
              </>
            )}
          </h3>
          <LineChart
            label="Latency"
            lines={percentileLines(known.steps)}
            fromMs={known.fromMs}
            stepMs={known.stepMs}
            valueText={roughDuration}
            logarithmic={logarithmic}
            nested
          />
        </div>
        <div className="min-w-0">
          <h3 className="mb-2 text-sm font-medium text-soft">How many took how long</h3>
          <Histogram latency={latency} />
        </div>
      </div>
      <Gaps known={known} unit={unit} topic={latency.topic} />
    </>
  );
}
