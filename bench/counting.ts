/**
 * The cost of counting for drift: microseconds of CPU per row and characters per line, for 30 features and an output,
 * with the bundle's own modules. `node bench/counting.ts`
 */
import type { Manifest } from '../lib/contract/manifest.ts';
import type { NumberColumn, Profile } from '../lib/contract/profile.ts';
import { runCounter } from '../lib/runtime/counting/run-counter.ts';
import { EngineTensor } from '../lib/runtime/engine/tensor.ts';
import { randomNumbers } from './models/random.ts';

const features = 30;
const random = randomNumbers(1);

const column = (name: string, tensor: string, element: number): NumberColumn => ({
  name,
  tensor,
  place: { element },
  datatype: 'FP32',
  kind: 'number',
  rows: 1000,
  missing: 0,
  range: [0.01, 0.99],
  edges: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
  counts: Array(10).fill(100),
});
const profile: Profile = {
  version: 1,
  id: '0123456789ab',
  model: { name: 'bench', sha256: '' },
  rows: 1000,
  features: Array.from({ length: features }, (_, index) => column(`x${index}`, 'x', index)),
  outputs: [column('y', 'y', 0)],
};
const signature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', features], rowAxis: 0, minShape: [0, features] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1], rowAxis: 0 }],
} satisfies Manifest['signature'];

const counter = runCounter(profile, { signature }, 1);
for (const rows of [1, 10, 256, 10_000]) {
  const x = Float32Array.from({ length: rows * features }, random);
  const y = Float32Array.from({ length: rows }, random);
  const run = {
    request: { inputs: new Map([['x', new EngineTensor('float32', x, [rows, features])]]) },
    outputs: [{ name: 'y', datatype: 'FP32' as const, shape: [rows, 1], data: y }],
  };
  const line = () => {
    counter.see(run)();
    return JSON.stringify({ drift: counter.take()[0] });
  };
  const rounds = Math.max(20, Math.ceil(100_000 / rows));
  const times = Array.from({ length: 11 }, () => {
    const start = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      line();
    }
    const { user, system } = process.cpuUsage(start);
    return (user + system) / (rounds * rows);
  }).sort((a, b) => a - b);
  console.log(
    `${rows} rows a line: ${times[5]!.toFixed(2)} µs a row (least ${times[0]!.toFixed(2)}), ${line().length - 2} bytes`,
  );
}
