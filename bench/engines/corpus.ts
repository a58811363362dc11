/**
 * Compiles every model of a corpus and compares its answers with those of ONNX Runtime (one thread) and of the
 * framework that trained it: lists what the compiled engine does not cover yet, and its differences.
 *
 *     node bench/engines/corpus.ts CORPUS [--only SUBSTRING] [--verbose]
 *
 * Exits with 1 if an answer differs.
 *
 * CORPUS is a folder with `manifest.json`, which has a row per case, and the cases' folders with `model.onnx` and
 * `io.json`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { datatypes } from '../../lib/contract/datatypes.ts';
import { compileModel } from '../../lib/model/compile/compile.ts';
import { NotCovered } from '../../lib/model/compile/not-covered.ts';
import { rewriteModel } from '../../lib/model/passes/index.ts';
import { type OnnxModel, readModel } from '../../lib/model/read.ts';
import { modelSignature, toManifestSignature } from '../../lib/model/signature.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { openProgram } from '../../lib/runtime/engine/compiled/open-program.ts';
import { EngineTensor } from '../../lib/runtime/engine/tensor.ts';
import { type IoValue, readElements } from '../corpus/values.ts';
import { largestDifference } from './differences.ts';
import { openOracle } from './oracle.ts';

interface Row {
  path: string;
  ops: string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' }, verbose: { type: 'boolean', default: false } },
});
const [corpus = ''] = positionals;
const rows: Row[] = JSON.parse(readFileSync(join(corpus, 'manifest.json'), 'utf8'));
const reasons = new Map<string, string[]>();
const counts = { equal: 0, close: 0, differs: 0, 'no oracle': 0, failed: 0, 'not covered': 0 };

for (const row of rows.filter(({ path }) => path.includes(values.only))) {
  const { verdict, detail } = await check(row);
  counts[verdict]++;
  if (verdict === 'not covered') {
    reasons.set(detail, [...(reasons.get(detail) ?? []), row.path]);
  }
  if (values.verbose || verdict === 'differs' || verdict === 'failed') {
    console.log(`${row.path}: ${verdict}${detail === '' ? '' : `, ${detail}`}`);
  }
}
console.log(counts);
for (const [reason, paths] of [...reasons].sort((a, b) => b[1].length - a[1].length)) {
  console.log(`${paths.length}  ${reason}  ${paths.slice(0, 3).join(' ')}`);
}
process.exit(counts.differs + counts.failed === 0 ? 0 : 1);

async function check({ path }: Row): Promise<{ verdict: keyof typeof counts; detail: string }> {
  try {
    const given = (await readModel(join(corpus, path, 'model.onnx'))) as OnnxModel;
    const rewriting = rewriteModel(given, { engine: 'compiled' });
    const { signature } = toManifestSignature(modelSignature(rewriting.model), rewriting);
    const { program, weights } = compileModel(rewriting.model, []);
    const session = openProgram(program, new Uint8Array(weights));
    const io = JSON.parse(readFileSync(join(corpus, path, 'io.json'), 'utf8'));
    const inputs = new Map<string, EngineTensor>(
      signature.inputs.map(({ name, datatype }): [string, EngineTensor] => {
        const value = io.inputs.find((input: { name: string }) => input.name === name).value as IoValue;
        return [name, toTensor(value, datatype)];
      }),
    );
    const names = signature.outputs.map(({ name }) => name);
    const actual = session.run(inputs, names);
    const oracle = openOracle(Buffer.concat(encodeModel(rewriteModel(given).model.proto)));
    if (typeof oracle === 'string') {
      return { verdict: 'no oracle', detail: oracle };
    }
    const expected = oracle.run(inputs, names);
    const { text, isEqual, isClose } = largestDifference(names, expected, actual);
    return { verdict: isEqual ? 'equal' : isClose ? 'close' : 'differs', detail: text };
  } catch (error) {
    if (error instanceof NotCovered) {
      return { verdict: 'not covered', detail: error.message };
    }
    return {
      verdict: 'failed',
      detail: String((error as Error).stack)
        .split('\n')
        .slice(0, 4)
        .join(' '),
    };
  }
}

function toTensor(value: IoValue, datatype: keyof typeof datatypes): EngineTensor {
  if (value.kind !== 'tensor') {
    throw new Error(`an input is a ${value.kind}`);
  }
  const { engine, array } = datatypes[datatype];
  const elements = readElements(value);
  const data = array === undefined ? (elements as string[]) : new array(elements.length);
  if (!Array.isArray(data)) {
    for (let i = 0; i < data.length; i++) {
      data[i] = elements[i] as never;
    }
  }
  return new EngineTensor(engine, data, value.dims);
}
