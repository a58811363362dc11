/** An invocation's position in a distributed trace, in terms of W3C Trace Context. */
export interface Trace {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  parentId: string;
  sampled: boolean;
}

const w3c = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const xrayRoot = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;

/** Reads a `traceparent` (https://www.w3.org/TR/trace-context/) or an X-Ray trace header. */
export function parseTrace(header: string | undefined): Trace | undefined {
  const [, traceId, parentId, flags] = w3c.exec(header ?? '') ?? [];
  if (traceId !== undefined && parentId !== undefined && flags !== undefined) {
    return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
  }
  const [, time, unique] = xrayRoot.exec(header ?? '') ?? [];
  const parent = /(?:^|;)\s*Parent=([0-9a-f]{16})/.exec(header ?? '')?.[1];
  return time === undefined || unique === undefined || parent === undefined
    ? undefined
    : { traceId: time + unique, parentId: parent, sampled: /(?:^|;)\s*Sampled=1/.test(header ?? '') };
}

export function formatTraceparent({ traceId, parentId, sampled }: Trace): string {
  return `00-${traceId}-${parentId}-${sampled ? '01' : '00'}`;
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
export function formatXRay({ traceId, parentId, sampled }: Trace): string {
  return `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${parentId};Sampled=${sampled ? 1 : 0}`;
}
