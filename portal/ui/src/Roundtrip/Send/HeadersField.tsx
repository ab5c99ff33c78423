import { useId } from "react";
import type { Header } from "../../api/hooks/produce";
import { Button, IconButton } from "../../ui/Button";

/** No topic needs more, and the producer has a maximum of its own. */
const HEADERS_MAX = 32;

interface HeadersFieldProps {
  headers: readonly Header[];
  error: string | undefined;
  onChange(headers: readonly Header[]): void;
}

export function HeadersField({ headers, error, onChange }: HeadersFieldProps) {
  const note = useId();
  const replace = (index: number, news: Partial<Header>) =>
    onChange(headers.map((header, at) => (at === index ? { ...header, ...news } : header)));
  return (
    <fieldset className="min-w-0" aria-describedby={error ? note : undefined}>
      <legend className="mb-1.5 text-sm font-medium text-soft">Headers</legend>
      <ul className="mb-2 flex flex-col gap-2">
        {headers.map((header, index) => (
          <HeaderRow
            // They have no names of their own while they are typed, and never change places.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            header={header}
            number={index + 1}
            onChange={(news) => replace(index, news)}
            onRemove={() => onChange(headers.toSpliced(index, 1))}
          />
        ))}
      </ul>
      {error && (
        <p id={note} role="alert" className="mb-2 text-sm text-pretty text-bad wrap-anywhere">
          {error}
        </p>
      )}
      {headers.length < HEADERS_MAX && (
        <Button icon="plus" onClick={() => onChange([...headers, { name: "", value: "" }])}>
          Add a header
        </Button>
      )}
    </fieldset>
  );
}

interface HeaderRowProps {
  header: Header;
  number: number;
  onChange(news: Partial<Header>): void;
  onRemove(): void;
}

function HeaderRow({ header, number, onChange, onRemove }: HeaderRowProps) {
  const input = (member: keyof Header, label: string) => (
    <input
      type="text"
      // The first complaint is shown where the first header is.
      name={number === 1 && member === "name" ? "headers" : undefined}
      aria-label={`${label} of header ${number}`}
      placeholder={label}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      className="field min-w-0 py-1 text-sm"
      value={header[member]}
      onChange={(event) => onChange({ [member]: event.target.value })}
    />
  );
  return (
    <li className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-2">
      {input("name", "Name")}
      {input("value", "Value")}
      <IconButton icon="cross" label={`Remove header ${number}`} onClick={onRemove} />
    </li>
  );
}
