// The order of a list's items by one of their values.

export type SortValue = string | number | null;

export interface Sort {
  by: string;
  descending: boolean;
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Sorted anew; what has no value stands last in either direction, and equals keep their order. */
export function sortItems<T>(items: readonly T[], valueOf: (item: T) => SortValue, descending: boolean): T[] {
  const sign = descending ? -1 : 1;
  return items
    .map((item) => ({ item, value: valueOf(item) }))
    .toSorted((a, b) => lastWithout(a.value, b.value) || sign * compare(a.value, b.value))
    .map(({ item }) => item);
}

const lastWithout = (a: SortValue, b: SortValue) => Number(a === null) - Number(b === null);

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** "-lag" as in an address: by lag, the greatest first. */
export const sortText = ({ by, descending }: Sort) => (descending ? `-${by}` : by);

export function readSort(text: string | null, known: readonly string[], otherwise: Sort): Sort {
  const descending = text?.startsWith("-") ?? false;
  const by = descending ? text?.slice(1) : text;
  return by && known.includes(by) ? { by, descending } : otherwise;
}
