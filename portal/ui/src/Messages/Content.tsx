import { useCallback, useMemo } from "react";
import { useLocation } from "wouter";
import { type BrowsedMessage, useWholeMessage } from "../api/hooks/topics";
import { Answer } from "../Cluster/Answer";
import { useCommands } from "../app/commands";
import { Button } from "../ui/Button";
import { Panel } from "../ui/Panel";
import { lastFormStore } from "../Roundtrip/Send/formValues";
import { ValueView } from "./Value/ValueView";
import { formOf } from "./produceAgain";

interface Place {
  topic: string;
  partition: number;
  offset: number;
}

/** What the message says, as Kafka has it now. The receipts do not keep it; the steward reads it from its place. */
export function Content({ topic, partition, offset }: Place) {
  const query = useWholeMessage(topic, partition, offset, true);
  return (
    <Panel title="Message" aside={query.data && <ProduceAgain topic={topic} message={query.data} />} className="flex-1">
      <Answer query={query} what="the message">
        {(message) => (
          <div className="flex min-w-0 flex-col gap-5">
            <Headers headers={message.headers} />
            <ValueView message={message} />
          </div>
        )}
      </Answer>
    </Panel>
  );
}

/** Opens the form of the first screen, filled in. Nothing is sent by itself. */
function ProduceAgain({ topic, message }: { topic: string; message: BrowsedMessage }) {
  const [, navigate] = useLocation();
  const form = useMemo(() => formOf(topic, message), [topic, message]);
  const open = useCallback(() => {
    if (!form.values) return;
    lastFormStore.set(form.values);
    navigate("/");
  }, [form, navigate]);
  const commands = useMemo(() => (form.values ? [{ id: "produce-again", title: "Produce this message again", run: open }] : []), [form, open]);
  useCommands(commands);
  return (
    <Button disabled={!form.values} title={form.why} onClick={open}>
      Produce again
    </Button>
  );
}

function Headers({ headers }: { headers: BrowsedMessage["headers"] }) {
  return (
    <section aria-label="Headers">
      <h3 className="mb-1.5 text-sm font-medium text-soft">Headers</h3>
      {headers.length === 0 ? (
        <p className="text-sm text-faint">None.</p>
      ) : (
        <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-1 text-sm">
          {headers.map((header, index) => (
            // Headers may repeat and never move.
            // oxlint-disable-next-line react/no-array-index-key
            <Header key={index} header={header} />
          ))}
        </dl>
      )}
    </section>
  );
}

const Header = ({ header: { name, value, value_base64 } }: { header: BrowsedMessage["headers"][number] }) => (
  <>
    <dt className="text-faint wrap-anywhere">{name}</dt>
    <dd className="min-w-0 font-mono text-xs leading-5 wrap-anywhere">
      {value_base64 === undefined ? (value ?? <span className="text-faint italic">null</span>) : `base64 ${value_base64}`}
    </dd>
  </>
);
