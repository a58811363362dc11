import { logistic } from '../rational-functions.ts';
import { wasmCode } from '../web-assembly.ts';
import { logisticCode } from './logistic-code.ts';

/** From this number on, WebAssembly is faster, although it has to be compiled once. */
const worthCompiling = 256;
const blockBytes = 65_536;

const instantiate = /* @__PURE__ */ wasmCode<{ logistic(at: number, end: number): void }>(logisticCode);
let instance: ReturnType<typeof instantiate>;

/** Replaces numbers by their logistic function, as `rational-functions.ts` computes it, bit for bit. */
export function logisticAll(values: Float32Array): void {
  if (values.length >= worthCompiling) {
    instance ??= instantiate(blockBytes);
  }
  if (values.length < worthCompiling || instance === undefined) {
    for (let i = 0; i < values.length; i++) {
      values[i] = logistic(values[i]!);
    }
    return;
  }
  const block = new Float32Array(instance.buffer);
  for (let start = 0; start < values.length; start += block.length) {
    const part = values.subarray(start, start + block.length);
    block.set(part);
    instance.exports.logistic(0, 4 * part.length);
    part.set(block.subarray(0, part.length));
  }
}
