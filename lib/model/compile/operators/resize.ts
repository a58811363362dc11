import type { OperatorNode } from '../node.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

const numbers = ['float32', 'uint8', 'int8', 'int32'] as const;
const coordinateModes = [
  'half_pixel',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'tf_half_pixel_for_nn',
];

/** Resizing by the nearest or by linear interpolation. */
export const resizeOperators: Record<string, Rule> = {
  Resize: node => (node.opset < 11 ? oldResize(node) : newResize(node)),
  Upsample: node => oldResize(node),
};

function oldResize(node: OperatorNode) {
  if (node.opset < 9) {
    node.refuse('scales in an attribute are not covered');
  }
  const type = inputType(node, 0, ['float32']);
  const settings = {
    mode: modeOf(node),
    coordinates: 'asymmetric',
    nearest: 'simple',
    axes: [],
    isOld: true,
  };
  return { kernel: 'resize', settings, types: [type] };
}

function newResize(node: OperatorNode) {
  const coordinates = node.string('coordinate_transformation_mode', 'half_pixel');
  if (!coordinateModes.includes(coordinates)) {
    node.refuse(`coordinate_transformation_mode ${coordinates} is not covered`);
  }
  if (node.int('antialias', 0) !== 0 || node.int('exclude_outside', 0) !== 0) {
    node.refuse('antialias and exclude_outside are not covered');
  }
  if (node.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    node.refuse('attribute "keep_aspect_ratio_policy" is not covered');
  }
  node.ignore('cubic_coeff_a', 'extrapolation_value');
  const mode = modeOf(node);
  const type = inputType(node, 0, mode === 'linear' ? ['float32'] : numbers);
  const nearest = node.string('nearest_mode', 'round_prefer_floor');
  return {
    kernel: 'resize',
    settings: { mode, coordinates, nearest, axes: node.ints('axes'), isOld: false },
    types: [type],
  };
}

function modeOf(node: OperatorNode): 'nearest' | 'linear' {
  const mode = node.string('mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') {
    node.refuse(`mode ${mode} is not covered`);
  }
  return mode;
}
