import { type ReactNode, useDeferredValue, useEffect, useMemo } from "react";
import { clockTimeMs, count, exactTimeMs } from "../lib/format";
import { useUrlState } from "../lib/useUrlState";
import { Empty } from "../ui/Panel";
import { VirtualTable } from "../ui/table/VirtualTable";
import type { Column } from "../ui/table/columns";
import { type Sort, readSort, sortText } from "../ui/table/sortItems";
import { ReadOnlyMark } from "./ReadOnlyMark";
import { rememberList } from "./links";

interface FilteredListProps<T> {
  label: string;
  items: readonly T[];
  asOfMs: number;
  columns: readonly Column<T>[];
  nameOf(item: T): string;
  hrefOf(item: T): string;
  usualSort: Sort;
  /** Shown when there is nothing at all. */
  empty: ReactNode;
}

/** A list that fills the screen, with a filter; filter and order are in the address. */
export function FilteredList<T>({ label, items, asOfMs, columns, nameOf, hrefOf, usualSort, empty }: FilteredListProps<T>) {
  const [params, setParams] = useUrlState();
  const query = params.toString();
  useEffect(() => rememberList(window.location.pathname, query), [query]);
  const filter = params.get("filter") ?? "";
  const sort = readSort(
    params.get("sort"),
    columns.map(({ id }) => id),
    usualSort,
  );
  // The field stays quick while a long list is filtered.
  const wanted = useDeferredValue(filter).toLowerCase();
  const shown = useMemo(() => items.filter((item) => nameOf(item).toLowerCase().includes(wanted)), [items, nameOf, wanted]);
  if (items.length === 0) return empty;

  return (
    <div className="flex flex-1 flex-col">
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <input
          type="search"
          aria-label={`Filter ${label.toLowerCase()} by name`}
          placeholder="Filter by name"
          autoComplete="off"
          spellCheck={false}
          className="field h-9 py-0 text-sm sm:max-w-80"
          value={filter}
          onChange={(event) => setParams({ filter: event.target.value })}
        />
        <p role="status" className="figures text-xs text-faint">
          <span>{shown.length === items.length ? count(items.length) : `${count(shown.length)} of ${count(items.length)}`}</span>{" "}
          {label.toLowerCase()}
        </p>
        <ReadOnlyMark />
        <p className="figures ml-auto text-xs text-faint" title={exactTimeMs(asOfMs)}>
          as of {clockTimeMs(asOfMs).slice(0, 8)}
        </p>
      </div>
      {shown.length === 0 ? (
        <Empty title="None of this name">No name contains &ldquo;{filter}&rdquo;.</Empty>
      ) : (
        <div className="relative min-h-96 flex-1">
          <div className="absolute inset-0 flex flex-col">
            <VirtualTable
              label={label}
              items={shown}
              columns={columns}
              keyOf={nameOf}
              hrefOf={hrefOf}
              sort={sort}
              onSort={(next) => setParams({ sort: sortText(next) })}
            />
          </div>
        </div>
      )}
    </div>
  );
}
