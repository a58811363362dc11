import { activationOperators } from './activations.ts';
import { classicalOperators } from './classical.ts';
import { controlFlowOperators } from './control-flow.ts';
import { elementwiseOperators } from './elementwise.ts';
import { matrixOperators } from './matrix.ts';
import { microsoftOperators } from './microsoft.ts';
import { normalizationOperators } from './normalization.ts';
import { quantizationOperators } from './quantization.ts';
import { recurrentOperators } from './recurrent.ts';
import { reduceOperators } from './reduce.ts';
import { resizeOperators } from './resize.ts';
import type { Rule } from './rule.ts';
import { shapeOperators } from './shapes.ts';
import { softmaxOperators } from './softmax.ts';
import { textOperators } from './text.ts';
import { windowOperators } from './windows.ts';

/** Rules for the operators that the compiled engine covers. Names include the domain, except those of ONNX itself. */
export const operators: Readonly<Record<string, Rule>> = {
  Identity: () => ({ sameAs: 0 }),
  ...activationOperators,
  ...classicalOperators,
  ...controlFlowOperators,
  ...elementwiseOperators,
  ...matrixOperators,
  ...microsoftOperators,
  ...normalizationOperators,
  ...quantizationOperators,
  ...recurrentOperators,
  ...reduceOperators,
  ...resizeOperators,
  ...shapeOperators,
  ...softmaxOperators,
  ...textOperators,
  ...windowOperators,
};
