/**
 * Whether a model is of a version of XGBoost or a later one.
 * @param version - the numbers of the version that saved the model; none if it is unknown
 */
export function isSince(
  [major = 0, minor = 0]: readonly number[],
  since: readonly [number, number],
): boolean {
  return major > since[0] || (major === since[0] && minor >= since[1]);
}
