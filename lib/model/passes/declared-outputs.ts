import { clone } from '@bufbuild/protobuf';
import { TypeProtoSchema } from '../onnx_pb.ts';
import { isDeclared } from '../types.ts';
import type { Pass } from './pass.ts';

/** Declares the types that ONNX Runtime infers for outputs without one, so that other rewrites and the signature know them. */
export const declaredOutputs: Pass = {
  name: 'declared-outputs',
  apply({ proto: { graph }, facts }) {
    const declared = (graph?.output ?? []).filter(output => {
      const type = isDeclared(output.type) ? undefined : facts.outputTypes.get(output.name);
      // A copy: later rewrites change it, and the facts serve more than one rewriting.
      output.type = type === undefined ? output.type : clone(TypeProtoSchema, type);
      return type !== undefined;
    });
    return declared.length === 0
      ? undefined
      : `${declared.map(({ name }) => name).join(', ')} had no declared type; ONNX Runtime inferred it`;
  },
};
