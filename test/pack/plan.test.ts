import { expect, test } from 'vitest';
import { resolvePlan } from '../../lib/pack/plan.ts';

test.each([
  ['churn.onnx', 'churn'],
  ['models/Churn v2.ONNX', 'Churn-v2'],
  ['.onnx', 'model'],
  ['..onnx', 'model'],
  ['...txt', 'model'],
  ['.churn.onnx', 'churn'],
  ['\u202egnp.onnx', '-gnp'],
  ['a\u001b[2J\n.json', 'a--2J-'],
  ['https://host/models/.onnx?token=1', 'model'],
])('a model file called %j makes a function called %s', (model, name) => {
  expect(resolvePlan({ model }, { config: {}, dir: '/project' }, '/project').name).toBe(name);
});
