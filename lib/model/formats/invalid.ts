import { ColdpressError } from '../../errors.ts';

/** A booster's file that contradicts itself, or was cut. */
export function invalid(library: string, what: string): ColdpressError {
  return new ColdpressError('BOOSTER_INVALID', `the ${library} model is not valid: ${what}`, {
    hint: 'save it again with save_model, or copy it again and compare the sizes',
  });
}

/** One that is whole, and that coldpress does not answer as its library does. */
export function unsupported(library: string, what: string): ColdpressError {
  return new ColdpressError('BOOSTER_UNSUPPORTED', `the ${library} model uses ${what}`, {
    hint: 'coldpress answers only what it can answer exactly; docs/boosters.md lists it',
  });
}
