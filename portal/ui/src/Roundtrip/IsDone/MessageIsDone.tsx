import { Link } from "wouter";
import { messageAddress } from "../../Cluster/messageAddress";
import { Facts } from "../../Journey/Facts";
import { Headline } from "../../Journey/Headline";
import { PassedGroups } from "../../Journey/PassedGroups";
import { Timeline } from "../../Journey/Timeline";
import { canSendAgain, journeyOf, placeOf } from "../../Journey/journey";
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
  const place = placeOf(subject);
  const address = place && messageAddress(id);
  const again = canSendAgain(subject) ? onSendAgain(id) : undefined;
  return (
    <Panel title="IsDone" aside={
        again ? (
          <Button onClick={again}>Send again, same id</Button>
        ) : (
          address && (
            <Link href={address} className="rounded text-sm text-accent hover:text-accent-strong">
              Open the message
            </Link>
          )
        )
      }>
      <Headline journey={journey} />
      <Timeline journey={journey} />
      {place && <PassedGroups {...place} />}
      <Facts own={own} subject={subject} />
    </Panel>
  );
}
