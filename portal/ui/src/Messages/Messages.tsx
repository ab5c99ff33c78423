import { useLocation, useSearch } from "wouter";
import { cx } from "../ui/cx";
import { isMessageId } from "../lib/messageId";
import { BackLink } from "../ui/BackLink";
import { Empty, Panel } from "../ui/Panel";
import { Message } from "./Message";
import { Results } from "./Results";
import { SearchForm } from "./SearchForm";
import { MESSAGES, VIEW, idInPath } from "./address";
import { readSearch, searchParams } from "./search";

/** Find a message, and see all that is known of it. Where there is no room for both, the message takes the list's place. */
export function Messages() {
  const [path] = useLocation();
  const params = new URLSearchParams(useSearch());
  const search = readSearch(params);
  const query = searchParams(search).toString();
  const carried = withView(searchParams(search), params.get(VIEW));
  const id = idInPath(path);
  return (
    <div className="grid min-w-0 flex-1 gap-4 lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)] 3xl:grid-cols-[34rem_minmax(0,1fr)]">
      <Panel title="Search" className={cx("lg:self-start", id !== undefined && "max-lg:hidden")}>
        <SearchForm key={query} search={search} />
        <Results search={search} query={query} carried={carried} shown={id} />
      </Panel>
      <div className={cx("flex min-w-0 flex-col gap-4", id === undefined && "max-lg:hidden")}>
        {id !== undefined && (
          <div className="lg:hidden">
            <BackLink href={query ? `${MESSAGES}?${query}` : MESSAGES}>All messages</BackLink>
          </div>
        )}
        <Shown id={id} />
      </div>
    </div>
  );
}

/** How one looks at values goes along from message to message. */
function withView(params: URLSearchParams, view: string | null): string {
  if (view !== null) params.set(VIEW, view);
  return params.toString();
}

function Shown({ id }: { id: string | undefined }) {
  if (id === undefined) {
    return (
      <Panel title="Message" className="flex-1">
        <Empty title="No message chosen">Choose one of the list, or type an id: its way through Kafka, its headers and its value show here.</Empty>
      </Panel>
    );
  }
  if (!isMessageId(id)) {
    return (
      <Panel title="Message" className="flex-1">
        <Empty title="This is no message’s id">An id is a UUID, or topic/partition/offset.</Empty>
      </Panel>
    );
  }
  return <Message key={id} id={id} />;
}
