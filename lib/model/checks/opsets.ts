import { ColdpressError } from '../../errors.ts';
import { defaultOpset } from '../opsets.ts';
import type { Check } from './check.ts';

/** Newest opset with operators in ONNX Runtime 1.30; the pass preview-opset lowers later ones if possible. */
const NEWEST = 27;

/** Finds opsets that ONNX Runtime does not know or has no kernels for. */
export const checkOpsets: Check = function* (model) {
  if (model.opsetImport.length === 0) {
    yield new ColdpressError(
      'OPSET_MISSING',
      'the model imports no opset, so its operators have no meaning',
      {
        hint: 'export it again, or set opset_import with onnx.helper.make_opsetid',
      },
    );
  }
  const opset = defaultOpset(model);
  if (opset === undefined) {
    return;
  }
  if (opset > NEWEST || opset < 1) {
    yield new ColdpressError(
      'OPSET_UNSUPPORTED',
      `the model is of ONNX opset ${opset}; ONNX Runtime 1.30 knows 1 to ${NEWEST}`,
      {
        hint: 'export it with an older opset, such as opset_version=20',
      },
    );
  }
};
