import { expect, test } from 'vitest';
import type { Manifest } from '../../lib/contract/manifest.ts';
import type { Summed } from '../../lib/drift/logs/sum-entries.ts';
import { findTechnicalDrift } from '../../lib/drift/technical.ts';
import { profile } from './churn.ts';

const today = new Date('2026-11-28');
const manifest = {
  versions: { coldpress: '1.2.0', node: '24', onnxruntime: '1.30.0' },
  runtime: 'nodejs24.x',
} as Manifest;
const same: Summed['running'] = {
  runtime: {},
  node: { '24.21.0': 3 },
  coldpress: { '1.2.0': 3 },
  onnxruntime: { '1.30.0': 3 },
  modelSha256: { [profile.model.sha256]: 40 },
};

type Found = [what: string, isFault: boolean];

const cases: [name: string, running: Partial<Summed['running']>, found: Found[]][] = [
  ['what was packed runs', {}, []],
  ['a compiled model names no ONNX Runtime', { onnxruntime: {} }, []],
  ['a log without cold starts', { node: {}, coldpress: {}, onnxruntime: {} }, []],
  ['another coldpress', { coldpress: { '1.1.0': 2, '1.2.0': 1 } }, [['coldpress', true]]],
  ['another ONNX Runtime', { onnxruntime: { '1.29.1': 1 } }, [['onnxruntime', true]]],
  ['another major version of Node', { node: { '22.20.0': 1 } }, [['node', true]]],
  ['a patch of Node is only reported', { node: { '24.20.0': 1, '24.21.0': 1 } }, [['node', false]]],
  ['another model', { modelSha256: { ['cd'.repeat(32)]: 1 } }, [['model', true]]],
  ['a runtime whose support has ended', { runtime: { 'nodejs:20.v80': 5 } }, [['runtime', true]]],
  ['a runtime with support', { runtime: { 'nodejs:24.v12': 5 } }, []],
];

test.each(cases)('%s', (_, running, found) => {
  const drift = findTechnicalDrift({ ...same, ...running }, { manifest, profile, today });
  expect(drift.map(({ what, isFault }) => [what, isFault])).toEqual(found);
  for (const { message } of drift) {
    expect(message).not.toMatch(/undefined|null|[0-9a-f]{20}/);
  }
});

test('without a manifest only the model and the runtime are compared', () => {
  const running = { ...same, coldpress: { '0.9.0': 1 }, node: { '20.1.0': 1 } };
  expect(findTechnicalDrift(running, { manifest: undefined, profile, today })).toEqual([]);
});
