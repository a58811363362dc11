import { ColdpressError } from '../../errors.ts';

/** The error for a booster's file that contradicts itself or was truncated. */
export function invalid(library: string, what: string): ColdpressError {
  return new ColdpressError('BOOSTER_INVALID', `the ${library} model is not valid: ${what}`, {
    hint: 'save it again with save_model, or copy it again and compare the sizes',
  });
}

/** The error for a valid booster that coldpress cannot answer exactly as its library does. */
export function unsupported(library: string, what: string): ColdpressError {
  return new ColdpressError('BOOSTER_UNSUPPORTED', `the ${library} model uses ${what}`, {
    hint: 'coldpress answers only what it can answer exactly; docs/boosters.md lists it',
  });
}
