/**
 * Runs random models of ai.onnx.ml operators (default: all) on random rows, through ONNX Runtime and the compiled
 * engine. Exits with 1 if an answer differs, or only one engine rejects a model.
 *
 *     node bench/engines/fuzz.ts [OPERATOR...] [--rows 100000] [--seed SEED] [--shown 5] [--verbose]
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startDrawing } from './fuzz/draw.ts';
import { generators } from './fuzz/index.ts';
import { isWrong, judge } from './fuzz/judge.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    verbose: { type: 'boolean', default: false },
    shown: { type: 'string', default: '5' },
  },
});
const chosen = positionals.length === 0 ? Object.keys(generators) : positionals;
const unknown = chosen.find(operator => generators[operator] === undefined);
if (unknown !== undefined) {
  throw new Error(`choose of: ${Object.keys(generators).join(', ')}; not ${unknown}`);
}
const answered = ['equal', 'close', 'differs'];
let isGood = true;
for (const operator of chosen) {
  fuzz(operator);
}
process.exit(isGood ? 0 : 1);

function fuzz(operator: string): void {
  const counts: Record<string, number> = {};
  let rows = 0;
  let shown = 0;
  for (let seed = Number(values.seed); rows < Number(values.rows); seed++) {
    const made = generators[operator]!(startDrawing(seed));
    const { verdict, detail } = judge(made);
    if (answered.includes(verdict)) {
      rows += [...made.inputs.values()][0]!.dims[0] ?? 1;
    }
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    isGood &&= !isWrong({ verdict, detail });
    if (values.verbose || (isWrong({ verdict, detail }) && shown++ < Number(values.shown))) {
      console.log(`seed ${seed}: ${verdict}, ${detail}`);
    }
  }
  console.log(operator, `${rows} rows from seed ${values.seed}`, counts);
}
