/** A complete answer to one request. */
export interface HttpAnswer {
  status: number;
  /** The `Server-Timing` header. */
  timing: string;
  text: string;
}

/** Sends one request. The error's message explains why there is no answer: a timeout or a connection error. */
export async function fetchAnswer(
  url: string | URL,
  init: RequestInit,
  { limitMs, signal }: { limitMs: number; signal: AbortSignal | undefined },
): Promise<HttpAnswer> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await fetch(url, {
      ...init,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    const text = await response.text();
    return { status: response.status, timing: response.headers.get('server-timing') ?? '', text };
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = limit.aborted ? `no end within ${limitMs / 1000} s` : String(cause ?? message);
    throw new Error(reason, { cause: error });
  }
}
