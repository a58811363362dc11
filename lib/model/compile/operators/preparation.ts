import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { oneOf } from './settings.ts';

const numbers: readonly ValueType[] = ['float32', 'float64', 'int64', 'int32'];

export const scaler: Rule = node => {
  inputType(node, 0, numbers);
  const offset = Float32Array.from(node.floats('offset'));
  const scale = Float32Array.from(node.floats('scale'));
  if (scale.length === 0 || scale.length !== offset.length) {
    node.refuse(`${scale.length} scales and ${offset.length} offsets`);
  }
  return { kernel: 'scaler', settings: { offset, scale }, types: ['float32'] };
};

export const normalizer: Rule = node => {
  inputType(node, 0, numbers);
  return {
    kernel: 'normalizer',
    settings: { norm: oneOf(node, 'norm', ['MAX', 'L1', 'L2']) },
    types: ['float32'],
  };
};

export const binarizer: Rule = node => {
  const type = inputType(node, 0, ['float32']);
  return { kernel: 'binarizer', settings: { threshold: node.float('threshold', 0) }, types: [type] };
};

export const imputer: Rule = node => {
  // ONNX Runtime only accepts float32 and int64; samples must prove the answers for other types.
  const type = inputType(node, 0, numbers);
  node.ignore('imputed_value_floats', 'replaced_value_float', 'imputed_value_int64s', 'replaced_value_int64');
  const isWhole = type === 'int64' || type === 'int32';
  const imputed = isWhole
    ? BigInt64Array.from(node.bigints('imputed_value_int64s'))
    : Float64Array.from(node.floats('imputed_value_floats'));
  const replaced = isWhole
    ? BigInt64Array.of(node.bigint('replaced_value_int64', 0n))
    : Float64Array.of(node.float('replaced_value_float', 0));
  if (imputed.length === 0) {
    node.refuse('it has no values to impute');
  }
  return { kernel: 'imputer', settings: { imputed, replaced }, types: [type] };
};

export const oneHotEncoder: Rule = node => {
  const type = inputType(node, 0, ['float32', 'float64', 'int64', 'string']);
  const strings = node.strings('cats_strings');
  const integers = node.bigints('cats_int64s');
  const isText = strings.length > 0;
  if (strings.length + integers.length === 0 || isText !== (type === 'string')) {
    node.refuse('its categories are of another type than its input');
  }
  return {
    kernel: 'oneHotEncoder',
    settings: {
      categories: isText ? strings : BigInt64Array.from(integers),
      zeros: node.int('zeros', 1) !== 0,
    },
    types: ['float32'],
  };
};

export const arrayFeatureExtractor: Rule = node => ({
  kernel: 'arrayFeatureExtractor',
  types: [inputType(node, 0, [...numbers, 'string'])],
});

export const featureVectorizer: Rule = node => {
  const sizes = node.ints('inputdimensions');
  for (const index of node.inputs.keys()) {
    inputType(node, index, numbers);
  }
  if (sizes.length !== node.inputs.length) {
    node.refuse(`${sizes.length} sizes of ${node.inputs.length} inputs`);
  }
  return { kernel: 'featureVectorizer', settings: { sizes }, types: ['float32'] };
};

export const labelEncoder: Rule = node =>
  node.opset === 1 ? byClasses(node, 'classes_strings') : byKeys(node);

/** LabelEncoder 1 maps strings to their positions and back, CategoryMapper to whole numbers that the model lists. */
function byClasses(node: OperatorNode, strings: string): ReturnType<Rule> {
  // Reversed because the kernel uses the first of duplicate keys, but these operators use the last.
  const names = node.strings(strings).reverse();
  const integers =
    strings === 'cats_strings'
      ? BigInt64Array.from(node.bigints('cats_int64s')).reverse()
      : positionsOf(names).reverse();
  const fallbackText = node.string('default_string', '_Unused');
  const fallbackNumber = node.bigint('default_int64', -1n);
  if (names.length !== integers.length) {
    node.refuse(`${names.length} strings and ${integers.length} integers`);
  }
  return inputType(node, 0, ['string', 'int64']) === 'string'
    ? {
        kernel: 'labelEncoder',
        settings: encoding(names, integers, BigInt64Array.of(fallbackNumber), 'int64'),
        types: ['int64'],
      }
    : {
        kernel: 'labelEncoder',
        settings: encoding(integers, names, [fallbackText], 'string'),
        types: ['string'],
      };
}

export const categoryMapper: Rule = node => byClasses(node, 'cats_strings');

function positionsOf(names: string[]): BigInt64Array {
  return BigInt64Array.from(names.keys(), BigInt);
}

type Values = string[] | BigInt64Array | Float32Array | Float64Array | Int16Array;

function encoding(keys: Values, values: Values, fallback: Values, type: string) {
  return { keys, values, fallback, findsNaN: false, type };
}

function byKeys(node: OperatorNode): ReturnType<Rule> {
  const type = inputType(node, 0, ['string', 'int64', 'float32', 'float64']);
  const keys = listOf(node, 'keys');
  const values = listOf(node, 'values');
  const fallback = defaultOf(node, values);
  node.ignore('default_string', 'default_int64', 'default_float');
  if (type !== undefined && typeOf(keys) !== type) {
    node.refuse(`its keys are ${typeOf(keys)}, its input ${type}`);
  }
  if (keys.length !== values.length) {
    node.refuse(`${keys.length} keys and ${values.length} values`);
  }
  return {
    kernel: 'labelEncoder',
    settings: { ...encoding(keys, values, fallback, typeOf(values)), findsNaN: node.opset >= 4 },
    types: [typeOf(values)],
  };
}

function listOf(node: OperatorNode, role: 'keys' | 'values'): Values {
  const strings = node.strings(`${role}_strings`);
  const integers = node.bigints(`${role}_int64s`);
  const floats = node.floats(`${role}_floats`);
  const tensor = node.tensor(`${role}_tensor`);
  if (tensor !== undefined) {
    return tensor.data as Values;
  }
  return strings.length > 0
    ? strings
    : integers.length > 0
      ? BigInt64Array.from(integers)
      : Float32Array.from(floats);
}

/** Returns the value for a missing key, as a list of the same type as the values. */
function defaultOf(node: OperatorNode, values: Values): Values {
  const tensor = node.tensor('default_tensor');
  if (tensor !== undefined && tensor.data.length > 0) {
    return tensor.data as Values;
  }
  if (Array.isArray(values)) {
    return [node.string('default_string', '_Unused')];
  }
  if (values instanceof BigInt64Array) {
    return BigInt64Array.of(node.bigint('default_int64', -1n));
  }
  const none = values instanceof Int16Array ? -1 : node.float('default_float', -0);
  return new (values.constructor as Float32ArrayConstructor)([none]);
}

function typeOf(values: Values): 'string' | 'int64' | 'float32' | 'float64' | 'int16' {
  return Array.isArray(values)
    ? 'string'
    : values instanceof BigInt64Array
      ? 'int64'
      : values instanceof Float32Array
        ? 'float32'
        : values instanceof Float64Array
          ? 'float64'
          : 'int16';
}
