// A table of any length: only the rows in sight are in the document. The arrow keys walk through its rows, whose
// first cells are links. Where it is narrow, a row is a few lines, and a list above it chooses the order.
import { type Ref, useMemo } from "react";
import { Link } from "wouter";
import { cx } from "../cx";
import { useScrollBox } from "../useScrollBox";
import { HeadRow, SortList } from "./TableHead";
import type { Column } from "./columns";
import { type Sort, sortItems } from "./sortItems";
import { useRowWalk } from "./useRowWalk";

interface VirtualTableProps<T> {
  label: string;
  items: readonly T[];
  columns: readonly Column<T>[];
  /** Also the text of the row's link. */
  keyOf(item: T): string;
  hrefOf(item: T): string;
  sort: Sort;
  onSort(sort: Sort): void;
}

const HEIGHTS = { wide: 40, narrow: 84 };
const NARROW_BELOW = 720;
const OVERSCAN = 6;

export function VirtualTable<T>({ label, items, columns, keyOf, hrefOf, sort, onSort }: VirtualTableProps<T>) {
  const { box, width, height, top, onScroll } = useScrollBox();
  const sorted = useSorted(items, columns, sort);
  const narrow = width > 0 && width < NARROW_BELOW;
  const rowHeight = narrow ? HEIGHTS.narrow : HEIGHTS.wide;
  const walk = useRowWalk(sorted.length, box, rowHeight);
  const template = columns.map((column) => column.width).join(" ");
  const shown = rowsInSight(sorted.length, Math.floor(top / rowHeight), Math.ceil((top + height) / rowHeight), walk.active);

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {narrow && <SortList columns={columns} sort={sort} onSort={onSort} />}
      <div role="table" aria-label={label} aria-rowcount={sorted.length + 1} className="flex min-h-0 flex-1 flex-col">
        {!narrow && <HeadRow columns={columns} template={template} sort={sort} onSort={onSort} />}
        <div
          ref={box}
          role="rowgroup"
          onScroll={onScroll}
          onKeyDown={walk.onKeyDown}
          className="min-h-0 flex-1 overflow-x-hidden overflow-y-scroll [overflow-anchor:none]"
        >
          <div role="presentation" className="relative" style={{ height: sorted.length * rowHeight }}>
            {shown.map((index) => {
              const item = sorted[index];
              if (item === undefined) return null;
              const active = index === walk.active;
              return (
                <Row
                  key={keyOf(item)}
                  item={item}
                  index={index}
                  name={keyOf(item)}
                  href={hrefOf(item)}
                  columns={columns}
                  template={narrow ? undefined : template}
                  height={rowHeight}
                  reachable={active}
                  link={active ? walk.activeLink : undefined}
                  onFocus={() => walk.setActive(index)}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

function useSorted<T>(items: readonly T[], columns: readonly Column<T>[], { by, descending }: Sort): readonly T[] {
  return useMemo(() => {
    const column = columns.find(({ id }) => id === by) ?? columns[0];
    return column ? sortItems(items, column.sortBy, descending) : items;
  }, [items, columns, by, descending]);
}

/** Those in sight and some around them, and the active one wherever it is: it has the focus. */
function rowsInSight(count: number, top: number, bottom: number, active: number): number[] {
  const first = Math.max(0, top - OVERSCAN);
  const last = Math.min(count, bottom + OVERSCAN);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n);
  if (active < first && active < count) rows.unshift(active);
  if (active >= last && active < count) rows.push(active);
  return rows;
}

interface RowProps<T> {
  item: T;
  index: number;
  name: string;
  href: string;
  columns: readonly Column<T>[];
  /** undefined: narrow. */
  template: string | undefined;
  height: number;
  reachable: boolean;
  link: Ref<HTMLAnchorElement> | undefined;
  onFocus(): void;
}

function Row<T>({ item, index, name, href, columns, template, height, reachable, link, onFocus }: RowProps<T>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={cx(
        "absolute inset-x-0 px-2 text-sm hover:bg-hover",
        template ? "grid items-center gap-x-4 rounded-md" : "flex flex-col justify-center gap-1 border-b border-line",
      )}
      style={{ top: index * height, height, gridTemplateColumns: template }}
    >
      <span role="rowheader" className="flex min-w-0 items-center gap-2">
        <Link
          {...(link && { ref: link })}
          href={href}
          title={name}
          tabIndex={reachable ? 0 : -1}
          onFocus={onFocus}
          className="min-w-0 truncate font-medium text-ink hover:text-accent"
        >
          {name}
        </Link>
        {columns[0]?.cell(item)}
      </span>
      {template ? <WideCells columns={columns} item={item} /> : <NarrowCells columns={columns} item={item} />}
    </div>
  );
}

interface CellsProps<T> {
  columns: readonly Column<T>[];
  item: T;
}

const WideCells = <T,>({ columns, item }: CellsProps<T>) =>
  columns.slice(1).map((column) => (
    <span key={column.id} role="cell" className={cx("figures min-w-0 truncate text-soft", column.right && "text-right")}>
      {column.cell(item)}
    </span>
  ));

const NarrowCells = <T,>({ columns, item }: CellsProps<T>) => (
  <span role="presentation" className="flex max-h-9 min-w-0 flex-wrap gap-x-3 overflow-hidden text-xs">
    {columns.slice(1).map((column) => (
      <span key={column.id} role="cell" className="figures whitespace-nowrap text-soft">
        <span className="text-faint">{column.title.toLowerCase()} </span>
        {column.cell(item)}
      </span>
    ))}
  </span>
);
