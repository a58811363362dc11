import { ColdpressError } from '../../errors.ts';

/** Why the compiled engine cannot run a model: the operator that is not covered, and the reason. */
export class NotCovered extends ColdpressError {
  constructor(operator: string, why: string) {
    super('NOT_COMPILABLE', `${operator}: ${why}`, {
      hint: 'leave --engine at auto, which packs it with ONNX Runtime',
    });
  }
}
