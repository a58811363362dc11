/** The part of jstat that coldpress and its benchmarks use; the package has no types. */
declare module 'jstat' {
  const jstat: {
    chisquare: { cdf(x: number, degreesOfFreedom: number): number };
    normal: {
      cdf(x: number, mean: number, deviation: number): number;
      inv(share: number, mean: number, deviation: number): number;
    };
  };
  export default jstat;
}
