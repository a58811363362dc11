/** What V8 lets its heap grow to, in bytes. The module is loaded when first needed: it costs 2 ms of a cold start. */
export function heapLimitBytes(): number {
  limit ??= process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit;
  return limit;
}

let limit: number | undefined;
