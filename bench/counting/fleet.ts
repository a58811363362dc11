import { setTimeout } from 'node:timers/promises';
import { addCounts, type DriftCounts } from '../../lib/contract/drift-counts.ts';
import { startGcf } from '../../lib/local/gcf/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';

/** An instance of a function, and its log. */
interface Instance {
  infer(rows: readonly number[][]): Promise<void>;
  /** Kills the process without a warning. */
  kill(): Promise<void>;
}

export type Platform = 'aws-lambda' | 'gcf';

const request = (rows: readonly number[][]) => ({
  inputs: [
    {
      name: 'float_input',
      datatype: 'FP32',
      shape: [rows.length, rows[0]!.length],
      data: rows.flat().map(value => (Number.isNaN(value) ? 'NaN' : value)),
    },
  ],
});

const path = '/v2/models/breast-cancer/infer';

const start: Record<Platform, (dir: string, onLog: (text: string) => void) => Promise<Instance>> = {
  async 'aws-lambda'(dir, onLog) {
    const lambda = await startLambda(dir, { host: hostOf(process), onLog });
    return {
      async infer(rows) {
        const http = { method: 'POST', path };
        const event = {
          version: '2.0',
          rawPath: path,
          rawQueryString: '',
          isBase64Encoded: false,
          headers: { 'content-type': 'application/json' },
          requestContext: { stage: '$default', http },
          body: JSON.stringify(request(rows)),
        };
        const { payload } = await lambda.invoke(Buffer.from(JSON.stringify(event)));
        const { statusCode, body } = JSON.parse(Buffer.from(payload).toString());
        if (statusCode !== 200) {
          throw new Error(body);
        }
      },
      kill: lambda.close,
    };
  },
  async gcf(dir, onLog) {
    let sent = 0;
    let reported = 0;
    const count = (text: string) => {
      reported += text.match(/"latencyMs"/g)?.length ?? 0;
      onLog(text);
    };
    const options = { host: hostOf(process), onLog: count, port: 0, signature: 'http' } as const;
    const { instance, close } = await startGcf(dir, options);
    return {
      async infer(rows) {
        const response = await fetch(`${instance.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request(rows)),
        });
        if (response.status !== 200) {
          throw new Error(await response.text());
        }
        await response.arrayBuffer();
        sent += 1;
        // The client receives its answer before the invocation has ended.
        while (reported < sent) {
          await setTimeout(2);
        }
      },
      async kill() {
        instance.kill();
        await close();
      },
    };
  },
};

/**
 * Sends rows to instances, one instance after another, in requests of random sizes, and kills each at random between
 * two requests.
 * @returns the logs of all instances
 */
export async function runFleet(
  dir: string,
  rows: readonly number[][],
  { platform, instances, random }: { platform: Platform; instances: number; random: () => number },
): Promise<string> {
  let log = '';
  let from = 0;
  for (let left = instances; left > 0; left -= 1) {
    const instance = await start[platform](dir, text => {
      log += text;
    });
    const share = Math.ceil(((rows.length - from) / left) * (left === 1 ? 1 : 0.5 + random()));
    const end = Math.min(rows.length, from + share);
    while (from < end) {
      const next = Math.min(end, from + 1 + Math.floor(40 * random() ** 2));
      await instance.infer(rows.slice(from, next));
      from = next;
    }
    await instance.kill();
  }
  return log;
}

/** Sums the counts of a log, each line once. */
export function sumLog(log: string, slots: readonly number[]): { rows: number; sums: number[][] } {
  const sums = slots.map((count): number[] => Array(count).fill(0));
  const lines = log.split('\n').flatMap((text): DriftCounts[] => {
    const { drift } = text.startsWith('{') ? JSON.parse(text) : {};
    return drift === undefined ? [] : [drift];
  });
  const unique = [...new Map(lines.map(line => [line.id, line])).values()];
  for (const line of unique) {
    if (!addCounts(sums, line)) {
      throw new Error(`the line does not fit: ${JSON.stringify(line)}`);
    }
  }
  return { rows: unique.reduce((sum, { rows }) => sum + rows, 0), sums };
}

/** Makes rows of the example with some values missing and some out of range; no value is an integer. */
export function makeRows(count: number, random: () => number): number[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: 30 }, (_, column) =>
      random() < 0.02 ? Number.NaN : Math.fround((column + 1) * random() ** 3 * 3 + 0.000123),
    ),
  );
}
