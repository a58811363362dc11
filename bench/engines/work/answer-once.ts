/**
 * Opens a pressed model in this process and runs it: `answer-once DIR SHAPE`, with the shape of its only input as
 * `1,3,8,8`. Prints CPU time of all threads as one line of JSON.
 */
import { openModel } from '../../../lib/runtime/open-model.ts';

export interface Answers {
  /** From before the engine is loaded to the first answer. */
  coldMs: number;
  warmMs: number[];
}

const runs = 15;
const [dir = '', shapeText = ''] = process.argv.slice(2);
const shape = shapeText.split(',').map(Number);
const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) =>
  Math.sin(index),
);
const start = process.cpuUsage();
const model = openModel(dir);
const [input] = model.signature.inputs;
const answer = () => model.infer({ inputs: [{ name: input!.name, datatype: 'FP32', shape, data }] });
answer();
const answers: Answers = { coldMs: elapsed(start), warmMs: [] };
for (let run = 0; run < runs; run++) {
  const begun = process.cpuUsage();
  answer();
  answers.warmMs.push(elapsed(begun));
}
console.log(JSON.stringify(answers));
process.exit();

function elapsed(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
