import type { ColdpressError } from '../errors.ts';
import type { Check } from './checks/check.ts';
import { checkCrashes } from './checks/crashes.ts';
import { checkFunctions } from './checks/functions.ts';
import { checkInitializers } from './checks/initializers.ts';
import { checkOperators } from './checks/operators.ts';
import { checkOpsets } from './checks/opsets.ts';
import { checkSignature, signatureErrors } from './checks/signature.ts';
import { checkStructure } from './checks/structure.ts';
import type { ModelProto } from './onnx_pb.ts';
import type { Model } from './read.ts';

const checks: readonly Check[] = [
  checkOpsets,
  checkOperators,
  checkSignature,
  checkFunctions,
  checkStructure,
  checkInitializers,
  checkCrashes,
];

/**
 * Returns what prevents a rewritten model from running, as far as the model alone shows it: the errors that packing it
 * would throw. ONNX Runtime rejects most of these too, without naming cause or fix, or it crashes.
 */
export function findObstacles(model: ModelProto): ColdpressError[] {
  return checks.flatMap(check => [...check(model)]);
}

/** Like `findObstacles`, for a model in either format. */
export function findModelObstacles(model: Model): ColdpressError[] {
  return model.format === 'ort' ? signatureErrors(model.outline.signature) : findObstacles(model.proto);
}
