import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

export const floats: readonly ValueType[] = ['float32', 'float64'];
export const numbers: readonly ValueType[] = [
  ...floats,
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
];

/** An operator on several tensors of the same type. */
function allOfOneType(kernel: string, allowed: readonly ValueType[]): Rule {
  return node => {
    refuseOldBroadcast(node);
    const types = node.inputs.map((_, index) => inputType(node, index, allowed));
    return { kernel, types: [types.find(type => type !== undefined)] };
  };
}

/** An operator with a boolean result. */
function predicate(kernel: string, allowed: readonly ValueType[]): Rule {
  return node => {
    refuseOldBroadcast(node);
    for (const index of node.inputs.keys()) {
      inputType(node, index, allowed);
    }
    return { kernel, types: ['bool'] };
  };
}

/** An operator on each element of one tensor. */
function each(kernel: string, allowed: readonly ValueType[]): Rule {
  return node => ({ kernel, types: [inputType(node, 0, allowed)] });
}

/** Before opset 7, attributes determined how shapes were broadcast. */
function refuseOldBroadcast(node: OperatorNode): void {
  node.ignore('consumed_inputs');
  if (node.opset < 7 && node.int('broadcast', 0) !== 0) {
    node.refuse('broadcasting as before opset 7 is not covered');
  }
  node.ignore('axis', 'broadcast');
}

const pow: Rule = node => {
  refuseOldBroadcast(node);
  inputType(node, 1, numbers);
  return { kernel: 'pow', types: [inputType(node, 0, ['float32', 'float64', 'int32', 'int64'])] };
};

const mod: Rule = node => {
  const fmod = node.int('fmod', 0) !== 0;
  const type = inputType(node, 0, numbers);
  if (!fmod && (type === 'float32' || type === 'float64')) {
    node.refuse('of floats without fmod');
  }
  return { kernel: 'mod', settings: { fmod }, types: [type] };
};

const clip: Rule = node => {
  node.ignore('consumed_inputs');
  const isOld = node.opset < 11;
  const bound = (name: string) => (isOld && node.has(name) ? node.float(name, 0) : null);
  return {
    kernel: 'clip',
    settings: { least: bound('min'), most: bound('max') },
    types: [inputType(node, 0, numbers)],
  };
};

const where: Rule = node => ({ kernel: 'where', types: [inputType(node, 1) ?? inputType(node, 2)] });

const isInf: Rule = node => {
  inputType(node, 0, floats);
  return {
    kernel: 'isInf',
    settings: {
      positive: node.int('detect_positive', 1) !== 0,
      negative: node.int('detect_negative', 1) !== 0,
    },
    types: ['bool'],
  };
};

/** Operators that compute each element separately. */
export const elementwiseOperators: Readonly<Record<string, Rule>> = {
  Abs: each('abs', numbers),
  Acos: each('acos', floats),
  Acosh: each('acosh', floats),
  Add: allOfOneType('add', numbers),
  And: predicate('and', ['bool']),
  Asin: each('asin', floats),
  Asinh: each('asinh', floats),
  Atan: each('atan', floats),
  Atanh: each('atanh', floats),
  Ceil: each('ceil', floats),
  Clip: clip,
  Cos: each('cos', floats),
  Cosh: each('cosh', floats),
  Div: allOfOneType('div', numbers),
  Equal: predicate('equal', [...numbers, 'bool', 'string']),
  Erf: each('erf', floats),
  Exp: each('exp', floats),
  Floor: each('floor', floats),
  Greater: predicate('greater', numbers),
  GreaterOrEqual: predicate('greaterOrEqual', numbers),
  IsInf: isInf,
  IsNaN: predicate('isNotANumber', floats),
  Less: predicate('less', numbers),
  LessOrEqual: predicate('lessOrEqual', numbers),
  Log: each('log', floats),
  Max: allOfOneType('max', numbers),
  Mean: allOfOneType('mean', floats),
  Min: allOfOneType('min', numbers),
  Mod: mod,
  Mul: allOfOneType('mul', numbers),
  Neg: each('neg', numbers),
  Not: predicate('not', ['bool']),
  Or: predicate('or', ['bool']),
  Pow: pow,
  Reciprocal: each('reciprocal', floats),
  Relu: each('relu', ['float32', 'float64']),
  Round: each('round', floats),
  Sigmoid: each('sigmoid', floats),
  Sign: each('sign', numbers),
  Sin: each('sin', floats),
  Sinh: each('sinh', floats),
  Sqrt: each('sqrt', floats),
  Sub: allOfOneType('sub', numbers),
  Sum: allOfOneType('sum', floats),
  Tan: each('tan', floats),
  Tanh: each('tanh', floats),
  Where: where,
  Xor: predicate('xor', ['bool']),
};
