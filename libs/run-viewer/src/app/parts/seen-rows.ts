// Which rows of a long table are worth drawing.

/** Rows that are drawn beyond what is seen, on both sides. */
const MARGIN = 25;
/** First and last rows move in such steps, so that scrolling by a row draws nothing anew. */
const STEP = 10;

/** @param above pixels of the table above the screen
 * @returns the rows from `first` up to, without, `last` */
export function seenRows(
  above: number,
  screen: number,
  rowHeight: number,
  count: number,
): { first: number; last: number } {
  const top = Math.floor(above / rowHeight) - MARGIN;
  const bottom = Math.ceil((above + screen) / rowHeight) + MARGIN;
  const first = Math.floor(top / STEP) * STEP;
  const last = Math.ceil(bottom / STEP) * STEP;
  const within = (row: number) => Math.min(count, Math.max(0, row));
  return { first: within(first), last: within(last) };
}
