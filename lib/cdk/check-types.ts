import type { Construct } from 'constructs';
import { errorAt, type Problem } from './error-at.ts';
import type { OnnxFunctionProps } from './function-props.ts';
import type { ModelFunction } from './model-function.ts';

/**
 * Apps in JavaScript have no compiler that refuses a plain value where the CDK expects an object of its own. Objects
 * are known by a member, because an app can contain more than one copy of the CDK.
 */
const objects = {
  timeout: { class: 'Duration', member: 'toSeconds', example: 'Duration.seconds(30)' },
  architecture: { class: 'Architecture', member: 'dockerPlatform', example: 'lambda.Architecture.ARM_64' },
  runtime: { class: 'Runtime', member: 'family', example: 'lambda.Runtime.NODEJS_24_X' },
} satisfies Partial<Record<keyof OnnxFunctionProps, { class: string; member: string; example: string }>>;

/** @throws ColdpressError OPTION_INVALID for properties that are missing as a whole, or of another type */
export function checkProps(scope: Construct, id: string, props: OnnxFunctionProps | undefined): void {
  const problem = propsProblem(props);
  if (problem !== undefined) {
    throw errorAt(scope, id, problem);
  }
}

function propsProblem(props: OnnxFunctionProps | undefined): Problem | undefined {
  if (props === undefined || props === null) {
    return {
      code: 'OPTION_INVALID',
      message: 'the function has no properties',
      hint: "new OnnxFunction(this, 'Name', { model: 'model.onnx' })",
    };
  }
  for (const [name, expected] of Object.entries(objects)) {
    const value: unknown = props[name as keyof typeof objects];
    if (value !== undefined && !has(value, expected.member)) {
      return {
        code: 'OPTION_INVALID',
        message: `${name} is ${JSON.stringify(value)}, not of the CDK's class ${expected.class}`,
        hint: `${name}: ${expected.example}`,
      };
    }
  }
  return undefined;
}

/** @throws ColdpressError OPTION_INVALID if a trigger is not made within a model's function */
export function checkFunction(fn: ModelFunction | Construct | undefined, id: string, trigger: string): void {
  if (!has(fn, 'modelName')) {
    const scope = has(fn, 'node') ? (fn as Construct) : undefined;
    throw errorAt(scope, id, {
      code: 'OPTION_INVALID',
      message: `the first argument of ${trigger} is not a function of a model`,
      hint: `new ${trigger}(fn, 'Name'), where fn is a new OnnxFunction(…)`,
    });
  }
}

function has(value: unknown, member: string): boolean {
  return typeof value === 'object' && value !== null && member in value;
}
