import { Suspense, lazy, useEffect } from "react";
import { StagesToCome } from "../../Journey/StagesToCome";
import { Panel } from "../../ui/Panel";

const load = async () => ({ default: (await import("./MessageIsDone")).MessageIsDone });
const MessageIsDone = lazy(load);

interface IsDoneProps {
  id: string | undefined;
  lag: number | undefined;
  onSendAgain(id: string): (() => void) | undefined;
}

/** One message's life, stage by stage. */
export function IsDone({ id, lag, onSendAgain }: IsDoneProps) {
  // The code is fetched behind the first picture and not with the first DoIt: the portal may be gone by then.
  useEffect(() => void load().catch(() => {}), []);
  if (id === undefined) return <NoMessage />;
  return (
    <Suspense fallback={<NoMessage />}>
      <MessageIsDone key={id} id={id} lag={lag} onSendAgain={onSendAgain} />
    </Suspense>
  );
}

function NoMessage() {
  return (
    <Panel title="IsDone" className="flex-1">
      <div className="mb-6">
        <p className="text-xl font-semibold tracking-tight text-soft">No message yet</p>
        <p className="mt-0.5 text-sm text-faint">Press DoIt: its way through Kafka shows here as it happens, to the microsecond.</p>
      </div>
      <StagesToCome />
    </Panel>
  );
}
