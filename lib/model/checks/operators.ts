import { ColdpressError } from '../../errors.ts';
import type { NodeProto } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import { allNodes } from '../walk.ts';
import type { Check } from './check.ts';

/** Domains of the operators in ONNX Runtime's CPU build. */
const DOMAINS = new Set([
  '',
  'ai.onnx.ml',
  'com.microsoft',
  'com.microsoft.experimental',
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
  'org.pytorch.aten',
  'ai.onnx.preview',
  // Rejected below with a more specific error.
  'ai.onnx.training',
  'ai.onnx.preview.training',
]);
/** A missing input among theirs is read as a null pointer, which crashes the process. */
const VARIADIC = new Set(['Concat', 'Max', 'Mean', 'Min', 'Sum']);

/** Finds operators that ONNX Runtime's library cannot have, one error each; the engine reports the kernels it lacks. */
export const checkOperators: Check = function* (model) {
  const local = new Set(model.functions.map(({ domain, name }) => `${domainOf(domain)}\0${name}`));
  const seen = new Set<string>();
  for (const node of allNodes(model)) {
    const domain = domainOf(node.domain);
    const key = `${domain}\0${node.opType}`;
    const isGap = domain === '' && VARIADIC.has(node.opType) && node.input.includes('');
    if ((seen.has(key) && !isGap) || local.has(key)) {
      continue;
    }
    seen.add(key);
    const error = isGap ? gapError(node) : operatorError(node, domain);
    if (error !== undefined) {
      yield error;
    }
  }
};

function operatorError(node: NodeProto, domain: string): ColdpressError | undefined {
  const name = `${domain || 'ai.onnx'}.${node.opType}`;
  if (!DOMAINS.has(domain)) {
    return new ColdpressError(
      'CUSTOM_OPERATOR',
      `unknown operator ${name}: neither ONNX nor ONNX Runtime defines it`,
      {
        hint: 'export without custom operators, or add it to the model as an ONNX function',
      },
    );
  }
  if (domain.endsWith('.training')) {
    return new ColdpressError(
      'TRAINING_OPERATOR',
      `the operator ${name} trains; ONNX Runtime's CPU build only infers`,
      {
        hint: 'export the model for inference: model.eval() before torch.onnx.export',
      },
    );
  }
  return undefined;
}

function gapError(node: NodeProto): ColdpressError {
  return new ColdpressError(
    'MODEL_INVALID',
    `${node.opType} "${node.name}" leaves out one of its inputs, all of which it needs`,
    {
      hint: 'export the model again; `python -m onnx.checker` says more',
    },
  );
}
