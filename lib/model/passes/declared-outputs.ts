import { clone } from '@bufbuild/protobuf';
import { TypeProtoSchema } from '../onnx_pb.ts';
import { isDeclared } from '../types.ts';
import type { Pass } from './pass.ts';

/** Declares the types that ONNX Runtime infers, for outputs without one and for values with a wrong one. */
export const declaredOutputs: Pass = {
  name: 'declared-outputs',
  apply({ proto: { graph }, facts }) {
    const declared = (graph?.output ?? []).filter(output => {
      const type = isDeclared(output.type) ? undefined : facts.outputTypes.get(output.name);
      // Cloned because later rewrites change the type, and the facts serve more than one rewriting.
      output.type = type === undefined ? output.type : clone(TypeProtoSchema, type);
      return type !== undefined;
    });
    const corrected = [...(graph?.output ?? []), ...(graph?.valueInfo ?? [])].filter(({ name, type }) => {
      const actual = facts.mistyped.get(name);
      if (actual === undefined || type?.value.case !== 'tensorType') {
        return false;
      }
      type.value.value.elemType = actual;
      return true;
    });
    const reasons = [
      ...declared.map(({ name }) => `${name} had no declared type`),
      ...corrected.map(({ name }) => `${name} was declared with another type than it has`),
    ];
    return reasons.length === 0 ? undefined : `${reasons.join(', ')}; ONNX Runtime inferred it`;
  },
};
