import { Facts } from "../../Journey/Facts";
import { Headline } from "../../Journey/Headline";
import { Timeline } from "../../Journey/Timeline";
import { canSendAgain, journeyOf } from "../../Journey/journey";
import { useMessage } from "../../Journey/useMessage";
import { Button } from "../../ui/Button";
import { Panel } from "../../ui/Panel";

interface MessageIsDoneProps {
  id: string;
  lag: number | undefined;
  onSendAgain(id: string): (() => void) | undefined;
}

export function MessageIsDone({ id, lag, onSendAgain }: MessageIsDoneProps) {
  const { own, subject, around } = useMessage(id, lag);
  const journey = journeyOf(subject, around);
  const again = canSendAgain(subject) ? onSendAgain(id) : undefined;
  return (
    <Panel title="IsDone" aside={again && <Button onClick={again}>Send again, same id</Button>}>
      <Headline journey={journey} />
      <Timeline journey={journey} />
      <Facts own={own} subject={subject} />
    </Panel>
  );
}
