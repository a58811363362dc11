import type { OperatorNode } from '../node.ts';
import { readLabels } from './labels.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { oneOf, transforms } from './settings.ts';

export const svmClassifier: Rule = node => {
  inputType(node, 0, ['float32', 'float64', 'int64', 'int32']);
  const { labels, type, count } = readLabels(node, ['classlabels_strings', 'classlabels_ints']);
  const vectorsPerClass = node.ints('vectors_per_class');
  const vectorCount = vectorsPerClass.reduce((sum, size) => sum + size, 0);
  const vectors = Float32Array.from(node.floats('support_vectors'));
  const coefficients = Float32Array.from(node.floats('coefficients'));
  const rho = Float32Array.from(node.floats('rho'));
  const probA = Float32Array.from(node.floats('prob_a'));
  const probB = Float32Array.from(node.floats('prob_b'));
  const transform = oneOf(node, 'post_transform', transforms);
  const isLinear = vectorCount === 0;
  const pairs = (count * (count - 1)) / 2;
  const isWhole = isLinear
    ? coefficients.length > 0 && coefficients.length % count === 0 && rho.length > 0
    : vectorsPerClass.length === count &&
      vectors.length % vectorCount === 0 &&
      coefficients.length >= (count - 1) * vectorCount &&
      rho.length >= pairs &&
      [0, pairs].includes(probA.length) &&
      probA.length === probB.length;
  if (count < 2 || !isWhole) {
    node.refuse('its lists do not fit each other');
  }
  if (transform === 'PROBIT' && count === 2 && probA.length === 0 && !isLinear) {
    node.refuse('ONNX Runtime leaves one of two scores unset');
  }
  return {
    kernel: 'svmClassifier',
    settings: {
      ...readKernel(node),
      labels,
      classCount: count,
      vectors: isLinear ? null : vectors,
      vectorsPerClass,
      coefficients,
      rho,
      probA,
      probB,
      transform,
    },
    types: [type, 'float32'],
  };
};

export const svmRegressor: Rule = node => {
  // ONNX Runtime only accepts float32; samples must prove the answers for other types.
  inputType(node, 0, ['float32', 'float64', 'int64', 'int32']);
  node.ignore('post_transform');
  const vectorCount = node.int('n_supports', 0);
  const vectors = Float32Array.from(node.floats('support_vectors'));
  const coefficients = Float32Array.from(node.floats('coefficients'));
  const [rho] = node.floats('rho');
  const isWhole =
    vectorCount === 0 || (vectors.length % vectorCount === 0 && coefficients.length === vectorCount);
  if (coefficients.length === 0 || rho === undefined || !isWhole) {
    node.refuse('its lists do not fit each other');
  }
  const kernel = readKernel(node);
  return {
    kernel: 'svmRegressor',
    settings: {
      ...kernel,
      function: vectorCount === 0 ? 'LINEAR' : kernel.function,
      vectors: vectorCount === 0 ? null : vectors,
      coefficients,
      rho: rho!,
      isOneClass: node.int('one_class', 0) !== 0,
    },
    types: ['float32'],
  };
};

function readKernel(node: OperatorNode) {
  const [gamma = 0, coef0 = 0, degree = 0] = node.floats('kernel_params');
  return {
    function: oneOf(node, 'kernel_type', ['LINEAR', 'POLY', 'RBF', 'SIGMOID']),
    gamma,
    coef0,
    degree,
  };
}
