import { ColdpressError } from '../../errors.ts';

/** Why the compiled engine cannot run a model: the operator in the way, and what about it. */
export class NotCovered extends ColdpressError {
  constructor(operator: string, why: string) {
    super('NOT_COMPILABLE', `${operator}: ${why}`, {
      hint: 'leave --engine at auto, which packs it with ONNX Runtime',
    });
  }
}
