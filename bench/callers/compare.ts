import { Agent, request } from 'node:http';
import type { ServerFunction } from '../../lib/local/server-function.ts';
import type { Caller } from './callers.ts';

export interface Comparison {
  /** Number of callers by status. */
  statuses: Record<number, number>;
  /** Number of callers that were asked to retry, and did. */
  retried: number;
  /** Callers whose answer differs from the one they get alone; only the first few. */
  wrong: number;
  examples: string[];
}

export interface CompareOptions {
  /** Instance in which each request has its own run. */
  alone: ServerFunction;
  together: ServerFunction;
  /** Number of concurrent callers. */
  atOnce: number;
}

/** Sends every caller's request alone, then all of them concurrently, and compares the answers. */
export async function compareCallers(
  callers: readonly Caller[],
  { alone, together, atOnce }: CompareOptions,
): Promise<Comparison> {
  const found: Comparison = { statuses: {}, retried: 0, wrong: 0, examples: [] };
  const answersOf = (fn: ServerFunction, clients: number) => sendAll(fn.instance.url, callers, clients);
  const expected = await answersOf(alone, 4);
  const actual = await answersOf(together, atOnce);
  for (const [index, answer] of actual.entries()) {
    const own = expected[index]!;
    found.statuses[answer.status] = (found.statuses[answer.status] ?? 0) + 1;
    found.retried += answer.retried;
    if (answer.status !== own.status || !isNear(JSON.parse(answer.body), JSON.parse(own.body))) {
      found.wrong += 1;
      if (found.examples.length < 3) {
        found.examples.push(`${callers[index]!.body}: ${answer.body} in place of ${own.body}`);
      }
    }
  }
  return found;
}

interface Answer {
  status: number;
  body: string;
  retried: number;
}

async function sendAll(url: string, callers: readonly Caller[], clients: number): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const answers: Answer[] = [];
  let next = 0;
  const client = async () => {
    while (next < callers.length) {
      const index = next++;
      answers[index] = await sendUntilAccepted(url, callers[index]!, agent);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    agent.destroy();
  }
  return answers;
}

/** Retries on 503, which a full instance returns. */
async function sendUntilAccepted(url: string, caller: Caller, agent: Agent): Promise<Answer> {
  for (let retried = 0; ; retried++) {
    const answer = await post(url + caller.path, caller.body, agent);
    if (answer.status !== 503) {
      return { ...answer, retried };
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

function post(url: string, body: string, agent: Agent): Promise<Omit<Answer, 'retried'>> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk)).on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject).end(body);
  });
}

/** Compares except for the last bits, which depend on the order of a sum. */
function isNear(actual: unknown, expected: unknown): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected));
  }
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
    return actual === expected;
  }
  const [left, right] = [Object.entries(actual), Object.entries(expected)];
  return (
    left.length === right.length &&
    left.every(([key, value], index) => right[index]![0] === key && isNear(value, right[index]![1]))
  );
}
