/**
 * What batching saves: one event of 100 records compared with 100 events of one record, warm, under the local Lambda.
 * `node bench/batching.ts [--rounds N]`
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hostOf } from '../lib/local/host.ts';
import { startLambda } from '../lib/local/lambda.ts';
import { pack } from '../lib/pack/pack.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';

const records = 100;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });

const example = join(import.meta.dirname, '../examples/breast-cancer');
const out = await makeTemporaryFolder({ purpose: 'batching' });
try {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  await pack({ cwd: example, env: process.env, arch, out });
  const body = await readFile(join(example, 'record.json'), 'utf8');
  const lambda = await startLambda(out, { host: hostOf(process) });
  try {
    const one = queueEvent(body, 1);
    const many = queueEvent(body, records);
    // The first run is cold, and the next few still trigger compilation.
    for (let i = 0; i < 20; i++) {
      await lambda.invoke(i % 2 === 0 ? one : many);
    }
    const ratios: number[] = [];
    for (let round = 1; round <= Number(values.rounds); round++) {
      const together = await time(() => lambda.invoke(many));
      const apart = await time(async () => {
        for (let i = 0; i < records; i++) {
          await lambda.invoke(one);
        }
      });
      ratios.push(apart / together);
      console.log(`${round}: one event ${together.toFixed(2)} ms, ${records} events ${apart.toFixed(1)} ms`);
    }
    ratios.sort((a, b) => a - b);
    console.log(`one event of ${records} is ${ratios[ratios.length >> 1]!.toFixed(1)} times faster (median)`);
  } finally {
    await lambda.close();
  }
} finally {
  await rm(out, { recursive: true, force: true });
}

function queueEvent(body: string, count: number): Buffer {
  const common = { body, attributes: {}, messageAttributes: {}, eventSource: 'aws:sqs' };
  const Records = Array.from({ length: count }, (_, i) => ({ ...common, messageId: `m${i}` }));
  return Buffer.from(JSON.stringify({ Records }));
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
