import { expect, test } from 'vitest';
import { type IdleEngines, startEngine } from '../../../lib/model/press/engine-process.ts';
import { limitsFor } from '../../../lib/model/press/limits.ts';
import { closeIdle, shareEngine } from '../../../lib/model/press/shared-engine.ts';
import type { ProbeRequest } from '../../../lib/runtime/probe/types.ts';

const modelPath = 'examples/breast-cancer/model.onnx';
const open: ProbeRequest = { op: 'open', path: modelPath, options: {} };
const run: ProbeRequest = {
  op: 'run',
  inputs: [{ name: 'float_input', type: 'float32', dims: [1, 30], data: new Float32Array(30) }],
  outputs: ['output_label'],
};

test('a later part takes the process that an earlier one has left, without its model', async () => {
  const idle: IdleEngines = { left: new Map() };
  const limits = { ...limitsFor(0), idle };
  try {
    const first = shareEngine(limits, {});
    expect(await first.request(open)).toMatchObject({ kind: 'answered' });
    first.close();
    const [left] = [...idle.left.values()].flat();

    const second = shareEngine(limits, {});
    expect([...idle.left.values()].flat()).toEqual([]);
    expect(await second.request(run)).toMatchObject({ kind: 'refused' });
    expect(await second.request(open)).toMatchObject({ kind: 'answered' });
    expect(await second.request(run)).toMatchObject({ kind: 'answered' });
    expect(second.hasMoved()).toBe(false);
    second.close();
    expect([...idle.left.values()].flat()).toMatchObject([{ process: left?.process }]);

    shareEngine(limits, { engine: 'compiled' }).close();
    shareEngine(limits, { env: { OTHER: '1' } }).close();
    expect([...idle.left.values()].flat()).toHaveLength(3);
  } finally {
    closeIdle(idle);
  }
  expect(idle.left.size).toBe(0);
});

test('the request that a used process does not survive is repeated in a new one, with the model open', async () => {
  const used = startEngine(limitsFor(0));
  const closed = used.request({ op: 'close' });
  await closed;
  const idle: IdleEngines = { left: new Map([['["onnxruntime",{}]', [{ process: used, closed }]]]) };
  const engine = shareEngine({ ...limitsFor(0), idle }, {});
  try {
    expect(await engine.request(open)).toMatchObject({ kind: 'answered' });
    used.close();
    expect(await engine.request(run)).toMatchObject({ kind: 'answered' });
    expect(engine.hasMoved()).toBe(true);
  } finally {
    engine.close();
    closeIdle(idle);
  }
});

test('a process that dies of this part’s own request is not repeated, nor left for others', async () => {
  const idle: IdleEngines = { left: new Map() };
  const engine = shareEngine({ ...limitsFor(0), memoryBytes: 1, idle }, {});
  const result = await engine.request(open);
  engine.close();
  expect(result).toMatchObject({ kind: 'died', how: 'memory' });
  expect(engine.hasMoved()).toBe(false);
  expect(idle.left.size).toBe(0);
});
