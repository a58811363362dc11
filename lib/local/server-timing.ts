export interface TimedPhase {
  name: string;
  ms: number;
}

/** Reads a `Server-Timing` header: `boot;dur=21.3, native;dur=18`. https://www.w3.org/TR/server-timing/ */
export function parseServerTiming(header: string): TimedPhase[] {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  return [...unquoted.matchAll(/(?:^|,)\s*([^;,\s]+)\s*;[^,]*?dur=([\d.]+)/g)].map(([, name = '', ms]) => ({
    name,
    ms: Number(ms),
  }));
}
