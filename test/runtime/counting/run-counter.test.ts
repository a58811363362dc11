import { expect, test } from 'vitest';
import { randomNumbers } from '../../../bench/models/random.ts';
import { addCounts, type DriftCounts, firstSlot } from '../../../lib/contract/drift-counts.ts';
import type { Signature } from '../../../lib/contract/manifest.ts';
import { countedColumns, type Profile } from '../../../lib/contract/profile.ts';
import { runCounter } from '../../../lib/runtime/counting/run-counter.ts';
import type { Run } from '../../../lib/runtime/counting/types.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { cloudLoggingLine } from '../../../lib/runtime/telemetry/cloud-logging.ts';
import { driftLine } from '../../../lib/runtime/telemetry/drift-line.ts';
import { emfLine } from '../../../lib/runtime/telemetry/emf.ts';
import type { Observation } from '../../../lib/runtime/telemetry/observation.ts';
import { lines, profile, rows, sums } from '../../drift/example.ts';

const signature: Signature = {
  inputs: [
    { name: 'age', datatype: 'FP32', shape: ['N', 1], rowAxis: 0, minShape: [0, 1] },
    { name: 'plan', datatype: 'BYTES', shape: ['N', 1], rowAxis: 0, minShape: [0, 1] },
  ],
  outputs: [{ name: 'score', datatype: 'FP32', shape: ['N'], rowAxis: 0 }],
};

function runOf(ages: number[], plans: string[], scores?: number[]): Run {
  const dims = [ages.length, 1];
  const inputs = new Map([
    ['age', new EngineTensor('float32', Float32Array.from(ages), dims)],
    ['plan', new EngineTensor('string', plans, dims)],
  ]);
  const score = { name: 'score', datatype: 'FP32' as const, shape: [ages.length] };
  const outputs = scores === undefined ? [] : [{ ...score, data: Float32Array.from(scores) }];
  return { request: { inputs }, outputs };
}

function sumOf(taken: readonly DriftCounts[], of: Profile = profile): number[][] {
  const all = countedColumns(of).map(({ counts }): number[] => Array(firstSlot + counts.length).fill(0));
  expect(taken.every(line => addCounts(all, line))).toBe(true);
  return all;
}

test('counts what the written example says', () => {
  const counter = runCounter(profile, { signature }, 1);
  const taken: DriftCounts[] = [];
  const count = (run: Run) => {
    counter.see(run)();
    taken.push(...counter.take());
  };
  count(runOf([50], ['plus'], [0.95]));
  const ages = [Number.NaN, Number.NaN, 17, 20, 20, 20, 20, 30, 31, 40, 44, 40];
  const plans = ['a', 'b', 'c', ...Array(8).fill('basic'), 'plus'];
  count(runOf(ages, plans, Array(12).fill(0.2)));
  count(runOf([60, 90], ['basic', 'basic']));
  expect(taken[0]!.counts).toBe(lines[0]!.counts);
  expect(sumOf(taken)).toEqual(sums);
  expect(taken.reduce((sum, line) => sum + line.rows, 0)).toBe(rows);
  expect(new Set(taken.map(({ id }) => id)).size).toBe(3);
  expect(counter.take()).toEqual([]);
});

test('a run that is not counted leaves nothing, and outputs may change before it is', () => {
  const counter = runCounter(profile, { signature }, 1);
  counter.see(runOf([50], ['plus'], [0.2]));
  expect(counter.take()).toEqual([]);
  const run = runOf([50], ['plus'], [0.2]);
  const count = counter.see(run);
  run.outputs[0]!.data[0] = 5;
  count();
  expect(counter.take()).toMatchObject([{ rows: 1, counts: 'f,e,d' }]);
});

test('a share of the rows is counted, all of their columns', () => {
  const counter = runCounter(profile, { signature }, 0.25);
  counter.see(runOf(Array(4000).fill(50), Array(4000).fill('plus'), Array(4000).fill(0.2)))();
  const [line] = counter.take();
  expect(Math.abs(line!.rows - 1000)).toBeLessThan(200);
  expect(sumOf([line!]).map(slots => slots.reduce((sum, count) => sum + count))).toEqual(
    Array(3).fill(line!.rows),
  );
});

test('many columns are several lines, each short', () => {
  const [age] = profile.features;
  const features = Array.from({ length: 2000 }, (_, element) => ({
    ...age!,
    name: `age[${element}]`,
    place: { element },
  }));
  const wide = { ...profile, features, outputs: [] };
  const inputs = [{ ...signature.inputs[0]!, shape: ['N', 2000], minShape: [0, 2000] }];
  const counter = runCounter(wide, { signature: { inputs, outputs: [] } }, 1);
  const random = randomNumbers(5);
  const data = Float32Array.from({ length: 2000 * 500 }, () => 100 * random());
  const tensor = new EngineTensor('float32', data, [500, 2000]);
  counter.see({ request: { inputs: new Map([['age', tensor]]) }, outputs: [] })();
  const taken = counter.take();
  expect(taken.length).toBeGreaterThan(2);
  expect(taken.map(line => JSON.stringify(line).length < 15_000)).toEqual(taken.map(() => true));
  expect(taken.map(line => line.rows)).toEqual([500, ...taken.slice(1).map(() => 0)]);
  expect(sumOf(taken, wide).every(slots => slots.reduce((sum, count) => sum + count) === 500)).toBe(true);
});

test('no value of 10,000 rows is in a line', () => {
  const counter = runCounter(profile, { signature }, 1);
  const random = randomNumbers(9);
  const values = new Set<string>();
  const observation: Observation = {
    source: 'http-v2',
    requestId: 'r',
    records: 100,
    failures: 0,
    latencyMs: 1.25,
    cold: false,
    model: 'm',
    modelSha256: 'abc',
  };
  let log = '';
  for (let batch = 0; batch < 100; batch += 1) {
    const ages = Array.from({ length: 100 }, () => Math.fround(120 * random()));
    const plans = ages.map(() => `person-${Math.floor(1e9 * random())}`);
    const scores = ages.map(() => Math.fround(random()));
    for (const value of [...ages, ...plans, ...scores]) {
      values.add(String(value));
    }
    counter.see(runOf(ages, plans, scores))();
    for (const drift of counter.take()) {
      for (const format of [emfLine, cloudLoggingLine]) {
        log += format({ ...observation, drift }, { name: 'f', namespace: 'n', env: {} });
      }
      log += driftLine(observation, drift, 0);
    }
  }
  const words = new Set(log.split(/[^\w.+-]+/));
  expect(values.size).toBeGreaterThan(29_000);
  expect([...values].filter(value => words.has(value) || (value.length > 8 && log.includes(value)))).toEqual(
    [],
  );
});

test('a line of one row with 30 features has less than 300 bytes', () => {
  const features = Array.from({ length: 30 }, (_, element) => ({
    ...profile.features[0]!,
    name: `age[${element}]`,
    place: { element },
  }));
  const inputs = [{ ...signature.inputs[0]!, shape: ['N', 30], minShape: [0, 30] }];
  const counter = runCounter(
    { ...profile, features, outputs: [] },
    { signature: { inputs, outputs: [] } },
    1,
  );
  const tensor = new EngineTensor('float32', new Float32Array(30), [1, 30]);
  counter.see({ request: { inputs: new Map([['age', tensor]]) }, outputs: [] })();
  expect(`"drift":${JSON.stringify(counter.take()[0])}`.length).toBeLessThan(300);
});
