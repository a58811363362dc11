/**
 * Whether concurrent callers get their own answers, on models whose runs they may share and on models that must not be
 * shared, under the platform's own runtime:
 *   node bench/callers.ts [--callers 20000] [--at-once 500] [--seed 1] [--only softmax] [--target gcf]
 * The number of callers is for all models together. Each has its own numbers, and every answer is compared with the
 * caller's answer from an instance that shares no run. Exits with 1 if one differs.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeModel } from '../lib/model/write.ts';
import { pack } from '../lib/pack/pack.ts';
import { rowModels } from '../test/model/rows/row-models.ts';
import { classifier } from '../test/model/specimens.ts';
import { makeCallers } from './callers/callers.ts';
import { compareCallers } from './callers/compare.ts';
import { type SharingTarget, startPair } from './callers/start.ts';
import { forest } from './models/forest.ts';
import { randomNumbers } from './models/random.ts';

const { values: options } = parseArgs({
  options: {
    callers: { type: 'string', default: '20000' },
    'at-once': { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    target: { type: 'string', default: '' },
  },
});
const places = (
  [
    { target: 'gcf', engine: 'onnxruntime' },
    { target: 'gcf', engine: 'auto' },
    { target: 'container', engine: 'auto' },
  ] satisfies { target: SharingTarget; engine: 'auto' | 'onnxruntime' }[]
).filter(({ target }) => target.includes(options.target));
// Its answers are random by design.
const { noise, ...certain } = rowModels;
const models = Object.entries({ ...certain, classifier: classifier(), forest: forest(1, 2) }).filter(
  ([name]) => name.includes(options.only),
);
const each = Math.ceil(Number(options.callers) / (models.length * places.length));
const scratch = await mkdtemp(join(tmpdir(), 'coldpress-callers-'));
let wrong = 0;
try {
  for (const [name, proto] of models) {
    const model = join(scratch, `${name}.onnx`);
    await writeFile(model, Buffer.concat(encodeModel(proto)));
    for (const { target, engine } of places) {
      const dir = join(scratch, `${name}-${target}`);
      await pack({ cwd: scratch, env: process.env, model, target, engine, arch: 'x64', out: dir });
      const pair = await startPair(dir, target);
      const { manifest } = pair.together;
      const random = randomNumbers(Number(options.seed));
      try {
        const callers = makeCallers(manifest, { count: each, random });
        const found = await compareCallers(callers, { ...pair, atOnce: Number(options['at-once']) });
        wrong += found.wrong;
        const shares = manifest.rows.independent ? 'shared runs' : 'own runs';
        const statuses = Object.entries(found.statuses).map(([status, times]) => `${status}: ${times}`);
        console.log(
          `${name} on ${target}, ${manifest.engine.name}, ${shares}: ${statuses.join(', ')}; ` +
            `${found.retried} times 503 first; ${found.wrong} wrong`,
        );
        for (const example of found.examples) {
          console.log(`  ${example.slice(0, 500)}`);
        }
      } finally {
        await pair.close();
      }
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
console.log(`${each * models.length * places.length} callers; ${wrong} got another answer than alone`);
process.exitCode = wrong > 0 ? 1 : 0;
