import { compileModel } from '../../../lib/model/compile/compile.ts';
import { NotCovered } from '../../../lib/model/compile/not-covered.ts';
import { decodeModel } from '../../../lib/model/read.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { openProgram } from '../../../lib/runtime/engine/compiled/open-program.ts';
import type { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { largestDifference } from '../differences.ts';
import { openOracle } from '../oracle.ts';
import type { FuzzCase } from './case.ts';

export interface Judgement {
  verdict:
    | 'equal'
    | 'close'
    | 'differs'
    | 'both refuse'
    | 'only ONNX Runtime refuses'
    | 'only compiled refuses'
    | 'not covered';
  detail: string;
  /** Only if both engines answered; see Differences. */
  ulps?: number;
}

const good: Judgement['verdict'][] = ['equal', 'close', 'both refuse', 'not covered'];

/** ONNX Runtime has no kernel for this type: the compiled engine may still compute it. */
const lacking = /Could not find an implementation/;

/** Whether the engines disagree. */
export function isWrong({ verdict, detail }: Pick<Judgement, 'verdict' | 'detail'>): boolean {
  return !good.includes(verdict) && !lacking.test(detail);
}

/** Runs a case through both engines. */
export function judge({ model, inputs, magnitude }: FuzzCase): Judgement {
  const bytes = Buffer.concat(encodeModel(model));
  const names = model.graph!.output.map(({ name }) => name);
  const expected = answerOf(bytes, inputs, names);
  try {
    const { program, weights } = compileModel(decodeModel(bytes, 'fuzz.onnx'), []);
    const actual = openProgram(program, new Uint8Array(weights)).run(inputs, names);
    if (typeof expected === 'string') {
      return { verdict: 'only ONNX Runtime refuses', detail: expected };
    }
    const { isEqual, isClose, ulps, text } = largestDifference(names, expected, actual, magnitude);
    return { verdict: isEqual ? 'equal' : isClose ? 'close' : 'differs', detail: text, ulps };
  } catch (error) {
    const detail = String((error as Error).stack)
      .split('\n')
      .slice(0, 3)
      .join(' ');
    if (typeof expected === 'string') {
      return { verdict: 'both refuse', detail: `${expected} / ${detail}` };
    }
    return { verdict: error instanceof NotCovered ? 'not covered' : 'only compiled refuses', detail };
  }
}

/** Returns ONNX Runtime's answer or its error. */
function answerOf(
  bytes: Uint8Array,
  inputs: Map<string, EngineTensor>,
  names: string[],
): EngineTensor[] | string {
  const oracle = openOracle(bytes);
  if (typeof oracle === 'string') {
    return oracle;
  }
  try {
    return oracle.run(inputs, names);
  } catch (error) {
    return (error as Error).message;
  } finally {
    oracle.close();
  }
}
