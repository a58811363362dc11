import { Construct } from 'constructs';
import { checkFunction } from '../check-types.ts';
import type { ModelFunction } from '../model-function.ts';

/** A construct within a model's function that connects it to what invokes it. */
export abstract class Trigger extends Construct {
  /** @throws ColdpressError OPTION_INVALID if `fn` is not a model's function */
  constructor(fn: ModelFunction, id: string) {
    checkFunction(fn, id, new.target.name);
    super(fn, id);
  }
}
