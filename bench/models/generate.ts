/**
 * Writes a measurement model and, with `--event`, a Function URL event with a request for it: `node
 * bench/models/generate.ts resnet18|encoder|forest --out FILE [--event FILE] [--seed N] [--layers N]`. The weights are
 * random, so the answers are meaningless; size, shape and operators are those of the real model.
 */
import { stat, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { writeModel } from '../../lib/model/write.ts';
import { encoder } from './encoder.ts';
import { imageInputs, inferEvent, sentenceInputs } from './events.ts';
import { forest, rowInputs } from './forest.ts';
import { resnet18 } from './resnet18.ts';

const MODELS = {
  resnet18: { build: resnet18, inputs: imageInputs },
  encoder: { build: encoder, inputs: sentenceInputs },
  forest: { build: forest, inputs: rowInputs },
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    event: { type: 'string' },
    seed: { type: 'string', default: '1' },
    layers: { type: 'string' },
  },
});
const [name = ''] = positionals;
if (!Object.hasOwn(MODELS, name) || values.out === undefined) {
  console.error(
    'usage: node bench/models/generate.ts resnet18|encoder|forest --out FILE [--event FILE] [--seed N] [--layers N]',
  );
  process.exit(2);
}
const { build, inputs } = MODELS[name as keyof typeof MODELS];
const seed = Number(values.seed);
const layers = values.layers === undefined ? undefined : Number(values.layers);
await writeModel({ proto: build(seed, layers) }, values.out);
console.log(`${values.out}: ${(await stat(values.out)).size} bytes`);
if (values.event !== undefined) {
  await writeFile(values.event, JSON.stringify(inferEvent(name, inputs(seed))));
}
