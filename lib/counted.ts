/** Groups digits, as in 262,144,000. `toLocaleString` would take longer than a pack from the cache. */
export function groupDigits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number of things: `1 row`, `2,000 rows`, `0 entries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}
