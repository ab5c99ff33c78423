import { Icon } from "../Icon";
import { IconButton } from "../Button";
import { Select } from "../Select";
import { cx } from "../cx";
import type { Column } from "./columns";
import type { Sort } from "./sortItems";

interface HeadProps<T> {
  columns: readonly Column<T>[];
  sort: Sort;
  onSort(sort: Sort): void;
}

/** The columns' titles; pressing one sorts by it, pressing it again turns the order around. */
export function HeadRow<T>({ columns, template, sort, onSort }: HeadProps<T> & { template: string }) {
  return (
    // It scrolls as the rows below it do, so that both have the same width beside the scroll bar.
    <div role="rowgroup" className="overflow-y-scroll border-b border-line [scrollbar-color:transparent_transparent]">
      <div role="row" aria-rowindex={1} className="grid items-center gap-x-4 px-2 pb-1.5" style={{ gridTemplateColumns: template }}>
        {columns.map((column) => (
          <SortHeader key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </div>
    </div>
  );
}

function SortHeader<T>({ column, sort, onSort }: { column: Column<T>; sort: Sort; onSort(sort: Sort): void }) {
  const current = sort.by === column.id;
  const direction = sort.descending ? "descending" : "ascending";
  return (
    <div role="columnheader" aria-sort={current ? direction : "none"} className={cx("flex min-w-0", column.right && "justify-end")}>
      <button
        type="button"
        onClick={() => onSort({ by: column.id, descending: current ? !sort.descending : column.right === true })}
        className={cx("flex min-w-0 items-center gap-1 rounded text-xs font-medium hover:text-ink", current ? "text-ink" : "text-faint")}
      >
        <span className="truncate">{column.title}</span>
        {current && <Icon name="down" className={cx("size-3", !sort.descending && "rotate-180")} />}
      </button>
    </div>
  );
}

/** The same choice where there is no room for titles. */
export function SortList<T>({ columns, sort, onSort }: HeadProps<T>) {
  return (
    <div className="mb-2 flex items-center gap-2">
      <div className="flex-1">
        <Select
          aria-label="Sort by"
          options={columns.map(({ title }) => title)}
          value={columns.find(({ id }) => id === sort.by)?.title}
          onChange={(event) => {
            const chosen = columns.find(({ title }) => title === event.target.value);
            if (chosen) onSort({ by: chosen.id, descending: chosen.right === true });
          }}
        />
      </div>
      <IconButton
        icon="down"
        label={`${sort.descending ? "Greatest" : "Smallest"} first: turn the order around`}
        className={cx("size-9 border border-line", !sort.descending && "rotate-180")}
        onClick={() => onSort({ ...sort, descending: !sort.descending })}
      />
    </div>
  );
}
