/** The part of jstat that coldpress uses; the package has no types. */
declare module 'jstat' {
  const jstat: { chisquare: { cdf(x: number, degreesOfFreedom: number): number } };
  export default jstat;
}
