/**
 * Runs random models of an operator on random rows, through ONNX Runtime and through the compiled engine.
 *
 *     node bench/engines/fuzz.ts OPERATOR [--rows 100000] [--seed 1] [--verbose]
 */
import { parseArgs } from 'node:util';
import { startDrawing } from './fuzz/draw.ts';
import { generators } from './fuzz/index.ts';
import { judge } from './fuzz/judge.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    shown: { type: 'string', default: '5' },
  },
});
const [operator = ''] = positionals;
const make = generators[operator];
if (make === undefined) {
  throw new Error(`choose one of: ${Object.keys(generators).join(', ')}`);
}
const counts: Record<string, number> = {};
let rows = 0;
let shown = 0;
for (let seed = Number(values.seed); rows < Number(values.rows); seed++) {
  const made = make(startDrawing(seed));
  rows += [...made.inputs.values()][0]!.dims[0] ?? 1;
  const { verdict, detail } = judge(made);
  counts[verdict] = (counts[verdict] ?? 0) + 1;
  const isBad = verdict === 'differs' || verdict.startsWith('only');
  if (values.verbose || (isBad && shown++ < Number(values.shown))) {
    console.log(`seed ${seed}: ${verdict}, ${detail}`);
  }
}
console.log(operator, `${rows} rows from seed ${values.seed}`, counts);
process.exit();
