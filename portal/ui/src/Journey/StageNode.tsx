import { Icon, type IconName } from "../ui/Icon";
import { cx } from "../ui/cx";
import type { StageName, StageState } from "./journey";

export const STAGES: Record<StageName, { title: string; about: string }> = {
  accepted: { title: "Accepted", about: "The producer has the whole message" },
  acked: { title: "Acked", about: "Kafka's in-sync replicas have it" },
  consumed: { title: "Consumed", about: "kafkloud's consumer has read it" },
};

export const LOOKS: Record<StageState, { icon?: IconName; node: string; words: string }> = {
  ok: { icon: "check", node: "border-ok bg-ok text-surface", words: "done" },
  pending: { node: "border-edge text-faint", words: "not yet" },
  failed: { icon: "cross", node: "border-bad bg-bad text-surface", words: "failed" },
  doubtful: { icon: "question", node: "border-warn text-warn", words: "not known" },
  skipped: { node: "border-line text-faint", words: "will not happen" },
};

/** A stage as a dot that tells its state. */
export function StageNode({ state, waitedFor }: { state: StageState; waitedFor: boolean }) {
  const { icon, node } = LOOKS[state];
  return (
    <span className={cx("flex size-7 shrink-0 items-center justify-center rounded-full border-[1.5px]", waitedFor ? "border-accent text-accent" : node)}>
      {icon ? <Icon name={icon} className="stroke-2" /> : <span className={cx("size-1.5 rounded-full bg-current", waitedFor && "pulse")} />}
    </span>
  );
}
