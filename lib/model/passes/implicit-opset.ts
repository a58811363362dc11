import { importDefaultOpset } from '../opsets.ts';
import type { Pass } from './pass.ts';

/** Before IR version 3, a model named no opset and used the first: https://onnx.ai/onnx/repo-docs/IR.html */
export const implicitOpset: Pass = {
  name: 'implicit-opset',
  apply({ proto }) {
    if (proto.opsetImport.length > 0 || proto.irVersion >= 3n) {
      return undefined;
    }
    const { irVersion } = proto;
    importDefaultOpset(proto, 1);
    proto.irVersion = 3n;
    return `IR version ${irVersion} names no opset, which ONNX Runtime refuses; now the first, which it means`;
  },
};
