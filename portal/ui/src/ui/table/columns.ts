import type { ReactNode } from "react";
import type { SortValue } from "./sortItems";

/** A column of a table of items. The first one names the row and is its link; its cell stands beside the name. */
export interface Column<T> {
  id: string;
  title: string;
  /** Its track of the grid. */
  width: string;
  /** Numbers: on the right, and sorted from the greatest at first. */
  right?: boolean;
  sortBy(item: T): SortValue;
  cell(item: T): ReactNode;
}
