import { useLearntTopics, useSeerStatus } from "../../api/hooks/seer";
import { plural } from "../../lib/plural";
import { useStored } from "../../lib/stored";
import { Empty } from "../../ui/Panel";
import { askedStore } from "./asked";

/** Before the first question: what can be asked about, and what was asked lately. */
export function Start({ onAsk }: { onAsk(question: string): void }) {
  const [asked] = useStored(askedStore);
  return (
    <>
      <Knows />
      {asked.length > 0 && (
        <section aria-label="Asked lately" className="mx-auto w-full max-w-xl">
          <h3 className="mb-1 text-sm font-medium text-soft">Asked lately</h3>
          <ul>
            {asked.map((question) => (
              <li key={question}>
                <button type="button" onClick={() => onAsk(question)} className="w-full rounded-md px-2 py-1.5 text-left text-sm text-accent wrap-anywhere hover:bg-hover">
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Knows() {
  const { data: status } = useSeerStatus();
  const { data: topics } = useLearntTopics();
  if (!status || !topics) return null;
  const { document: documents, statement, message } = status.documents;
  if (status.passages === 0) {
    return (
      <Empty title="The seer knows nothing yet">
        Load a document under Documents, or send a message to a topic that it learns from: a second later it can be asked about.
      </Empty>
    );
  }
  return (
    <Empty title={`${plural(status.passages, "passage")} to ask about`}>
      {plural(documents + statement, "document")} and {plural(message, "message")}, learnt from {plural(topics.topics.length, "topic")}. An answer is a sentence
      that stands there, with its place.
    </Empty>
  );
}
