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
  // The names of the libraries' examples say nothing: the folder's does.
  ['churn/model.txt', 'churn'],
  ['claims v2/model.UBJ', 'claims-v2'],
  ['model.json', 'project'],
  ['/model.txt', 'model'],
  ['https://host/models/churn/model.ubj?token=1', 'churn'],
  ['churn/trees.txt', 'trees'],
  ['churn/model.onnx', 'model'],
])('a model file called %j makes a function called %s', (model, name) => {
  expect(resolvePlan({ model }, { config: {}, dir: '/project' }, '/project').name).toBe(name);
});
