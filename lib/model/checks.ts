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
 * What keeps a rewritten model from being run, as far as the model alone tells it: each as the error that packing it
 * gives. ONNX Runtime refuses most of it too, in words that name neither the cause nor the cure, or dies of it.
 */
export function findObstacles(model: ModelProto): ColdpressError[] {
  return checks.flatMap(check => [...check(model)]);
}

/** As `findObstacles`, of a model of either format. */
export function findModelObstacles(model: Model): ColdpressError[] {
  return model.format === 'ort' ? signatureErrors(model.outline.signature) : findObstacles(model.proto);
}
