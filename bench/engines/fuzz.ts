/**
 * Runs random models of an operator on random rows, through ONNX Runtime and through the compiled engine.
 *
 *     node bench/engines/fuzz.ts OPERATOR [--rows 100000] [--seed 1] [--verbose]
 */
import { parseArgs } from 'node:util';
import { compileModel } from '../../lib/model/compile/compile.ts';
import { NotCovered } from '../../lib/model/compile/not-covered.ts';
import { decodeModel } from '../../lib/model/read.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { openProgram } from '../../lib/runtime/engine/compiled/open.ts';
import { largestDifference } from './differences.ts';
import { startDrawing } from './fuzz/draw.ts';
import { generators } from './fuzz/index.ts';
import { openOracle } from './oracle.ts';

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
  const { model, inputs } = make(startDrawing(seed));
  rows += [...inputs.values()][0]!.dims[0] ?? 1;
  const { verdict, detail } = judge(
    Buffer.concat(encodeModel(model)),
    inputs,
    model.graph!.output.map(({ name }) => name),
  );
  counts[verdict] = (counts[verdict] ?? 0) + 1;
  const isBad =
    verdict === 'differs' ||
    (verdict.startsWith('only') && !detail.includes('unset') && !detail.includes('Could not find an impl')) ||
    verdict === 'crashed';
  if ((isBad && shown++ < Number(values.shown)) || values.verbose) {
    console.log(`seed ${seed}: ${verdict}, ${detail}`);
  }
}
console.log(operator, `${rows} rows from seed ${values.seed}`, counts);
process.exit();

function judge(
  bytes: Uint8Array,
  inputs: Map<string, import('../../lib/runtime/engine/tensor.ts').EngineTensor>,
  names: string[],
) {
  const oracle = openOracle(bytes);
  let expected: ReturnType<Exclude<typeof oracle, string>['run']> | string;
  try {
    expected = typeof oracle === 'string' ? oracle : oracle.run(inputs, names);
  } catch (error) {
    expected = String((error as Error).message);
  }
  if (typeof oracle !== 'string') {
    oracle.close();
  }
  try {
    const { program, weights } = compileModel(decodeModel(bytes, 'fuzz.onnx'), []);
    const actual = openProgram(program, new Uint8Array(weights)).run(inputs, names);
    if (typeof expected === 'string') {
      return { verdict: 'only ONNX Runtime refuses', detail: expected };
    }
    const { isEqual, isClose, text } = largestDifference(names, expected, actual);
    return { verdict: isEqual ? 'equal' : isClose ? 'close' : 'differs', detail: text };
  } catch (error) {
    const detail = String((error as Error).stack)
      .split('\n')
      .slice(0, 3)
      .join(' ');
    if (typeof expected === 'string') {
      return { verdict: 'both refuse', detail: `${expected} / ${detail}` };
    }
    return { verdict: error instanceof NotCovered ? 'only not covered' : 'only compiled refuses', detail };
  }
}
