import type { MouseEvent } from "react";
import { reach } from "../api/http";
import { paths } from "../api/paths";
import { tokenState } from "../api/token";
import { saveFile } from "../lib/saveFile";
import { CopyButton } from "../ui/CopyButton";

const SERVICES = ["producer", "consumer", "steward", "seer"] as const;

/** What is written down beside the source: there is no copy of it on a server. */
const FILES = [
  { file: "README.md", about: "what it is, and the two commands that run and prove it" },
  { file: "docs/http-api.md", about: "every call, with each error" },
  { file: "docs/topics.md", about: "topics, headers and formats in Kafka" },
  { file: "docs/operations.md", about: "running it: settings, files, what to watch" },
  { file: "docs/decisions/", about: "why it is built as it is, a page a decision" },
  { file: "docs/benchmarks.md", about: "what was measured, beside whom" },
] as const;

/** Where more is written, live and on paper. */
export const Documents = () => (
  <div className="grid gap-6 md:grid-cols-2">
    <div>
      <h3 className="mb-2 text-sm font-medium text-soft">Described by the services themselves</h3>
      <ul className="flex flex-col gap-1 text-sm">
        <OpenApi name="portal" href={paths.portalOpenApi()} />
        {SERVICES.map((name) => (
          <OpenApi key={name} name={name} href={paths.openApi(name)} />
        ))}
      </ul>
    </div>
    <div>
      <h3 className="mb-2 text-sm font-medium text-soft">Beside the source</h3>
      <ul className="flex flex-col gap-1 text-sm text-soft">
        {FILES.map(({ file, about }) => (
          <li key={file}>
            <span className="inline-flex items-center font-mono text-xs text-ink">
              {file} <CopyButton text={file} what={file} />
            </span>{" "}
            <span className="text-faint">{about}</span>
          </li>
        ))}
      </ul>
    </div>
  </div>
);

/** A link that is followed carries no token: where one is needed, the page fetches the file. */
async function fetchWithToken(event: MouseEvent, { name, href }: OpenApiProps) {
  if (tokenState().token === undefined) return;
  event.preventDefault();
  const response = await reach(href).catch(() => undefined);
  if (response?.ok) saveFile(await response.blob(), `${name}.openapi.json`);
}

interface OpenApiProps {
  name: string;
  href: string;
}

const OpenApi = ({ name, href }: OpenApiProps) => (
  <li>
    <a href={href} onClick={(event) => void fetchWithToken(event, { name, href })} className="text-accent hover:underline">
      The {name}&rsquo;s calls
    </a>{" "}
    <span className="text-faint">OpenAPI 3.1</span>
  </li>
);
