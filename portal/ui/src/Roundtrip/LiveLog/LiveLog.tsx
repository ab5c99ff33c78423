import { type Ref, Suspense, lazy, useImperativeHandle } from "react";
import type { StreamState } from "../../api/hooks/consume";
import { count } from "../../lib/format";
import { plural } from "../../lib/plural";
import { Button } from "../../ui/Button";
import { Empty, Panel } from "../../ui/Panel";
import { cx } from "../../ui/cx";
import { TopicPicker } from "./TopicPicker";
import { download } from "./download";
import { ROWS_MAX, type Row } from "./rowBuffer";
import { type LiveLogControl, useLiveLog } from "./useLiveLog";
import { type LogView, useLogView } from "./useLogView";

// Not needed before the first message has come.
const VirtualRows = lazy(async () => ({ default: (await import("./VirtualRows")).VirtualRows }));

/** What the log does when others ask it. */
export type LiveLogHandle = Pick<LiveLogControl, "followSent">;

interface LiveLogProps {
  ref: Ref<LiveLogHandle>;
  /** Shows a message's journey. */
  onSelect(id: string): void;
  /** Its place; it is as high as that is. */
  className: string;
}

export function LiveLog({ ref, onSelect, className }: LiveLogProps) {
  const log = useLiveLog();
  useImperativeHandle(ref, () => ({ followSent: log.followSent }));
  const view = useLogView(log.buffer);
  return (
    <Panel title="Live log" className={className} aside={<LogControls log={log} view={view} />}>
      <TopicPicker followed={log.topics} onFollow={log.follow} onUnfollow={log.unfollow} />
      <Log log={log} view={view} onSelect={onSelect} />
    </Panel>
  );
}

/** What a log needs to know of the stream, whoever chose its topics. */
export type Followed = Pick<LiveLogControl, "topics" | "state" | "running" | "setRunning">;

interface LogProps {
  log: Followed;
  view: LogView;
}

/** The stream's state and its rows; they take the height they are given. */
export function Log({ log, view, onSelect }: LogProps & { onSelect(id: string): void }) {
  const { rows, received } = view.shown;
  return (
    <>
      <input
        type="search"
        aria-label="Filter the messages"
        placeholder="Filter: words, key=…, value.order.id=42"
        title="Words anywhere in topic, key, value and headers; key=TEXT, value=TEXT, value.order.id=42 for a member of JSON. All have to hold."
        autoComplete="off"
        spellCheck={false}
        className="field mt-2 h-8 py-0 text-sm"
        value={view.filter}
        onChange={({ target }) => view.setFilter(target.value)}
      />
      <p className="figures mt-3 mb-1.5 flex min-h-5 justify-between gap-4 text-xs text-faint">
        <StateLine log={log} paused={view.paused} />
        {received > 0 && <span className="shrink-0">{receivedText(view)}</span>}
      </p>
      {rows.length === 0 ? (
        <NoRows log={log} filtered={view.filter.trim() !== "" && received > 0} />
      ) : (
        <Suspense>
          <VirtualRows rows={rows} paused={view.paused} openSeq={view.openSeq} onOpen={view.open} onScrolled={view.pause} onSelect={onSelect} />
        </Suspense>
      )}
    </>
  );
}

function receivedText({ shown, behind, filter }: LogView): string {
  const received = shown.received + behind;
  if (filter.trim() !== "") return `${count(shown.matched)} of ${count(received)} pass the filter`;
  return received > ROWS_MAX ? `the newest ${ROWS_MAX} of ${count(received)}` : `${count(received)} received`;
}

export function LogControls({ log, view }: LogProps) {
  const { running } = log;
  const { paused, behind } = view;
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon={paused ? "play" : "pause"} aria-pressed={paused} onClick={paused ? view.resume : view.pause}>
        {paused ? "Resume" : "Pause"}
        {behind > 0 && <span className="figures text-xs">{count(behind)} new</span>}
      </Button>
      <Button icon={running ? "stop" : "play"} onClick={() => log.setRunning(!running)}>
        {running ? "Stop" : "Start"}
      </Button>
      <Button onClick={view.clear}>Clear</Button>
      <Download rows={view.shown.rows} topics={log.topics} />
    </div>
  );
}

function Download({ rows, topics }: { rows: readonly Row[]; topics: readonly string[] }) {
  const messages = rows.filter(({ kind }) => kind === "message").length;
  return (
    <Button title="The messages that are shown, as NDJSON" disabled={messages === 0} onClick={() => download(rows, nameOf(topics))}>
      Download {messages > 0 && <span className="figures text-xs">{plural(messages, "message")}</span>}
    </Button>
  );
}

const nameOf = (topics: readonly string[]) => `${topics.length === 1 ? topics[0] : "messages"}.ndjson`;

const STATES: Record<StreamState["kind"], { dot: string; words: string }> = {
  off: { dot: "border border-edge", words: "Not following" },
  connecting: { dot: "bg-accent pulse", words: "Connecting" },
  behind: { dot: "bg-accent pulse", words: "Catching up" },
  live: { dot: "bg-ok", words: "Live" },
  reconnecting: { dot: "bg-warn pulse", words: "Reconnecting" },
};

function StateLine({ log: { state, running }, paused }: { log: Followed; paused: boolean }) {
  const { dot, words } = STATES[state.kind];
  const why = "why" in state ? state.why : undefined;
  return (
    <span role="status" className="flex min-w-0 items-baseline gap-1.5">
      <span className={cx("size-2 shrink-0 rounded-full", dot)} />
      <span className="min-w-0">
        {running ? words : "Stopped"}
        {state.kind === "live" && paused && ", the view is paused"}
        {why && `: ${why}`}
      </span>
    </span>
  );
}

function NoRows({ log: { topics, state }, filtered }: { log: Followed; filtered: boolean }) {
  if (filtered) return <Empty title="Nothing passes the filter">What comes and passes it shows here.</Empty>;
  if (topics.length === 0) {
    return <Empty title="No topics chosen">Add the topics to watch. The topic of your own message is added by itself.</Empty>;
  }
  if (state.kind === "live") return <Empty title="Nothing yet">What is written to these topics from now on shows here.</Empty>;
  if (state.kind === "off") return <Empty title="Stopped">Press Start to follow these topics again.</Empty>;
  return <Empty title="Not connected yet">The consumer is asked for the stream of these topics.</Empty>;
}
