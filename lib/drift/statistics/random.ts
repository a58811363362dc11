/*
 * Random numbers of the distributions that a histogram without drift has, from a uniform source between 0 and 1.
 */

type Random = () => number;

/**
 * Draws the rows of each bin in a sample of `rows` from a population that is known from a reference:
 * Dirichlet-multinomial.
 * @param weights - for each bin, its rows in the reference; at least 1
 */
export function drawHistogram(weights: readonly number[], rows: number, random: Random): number[] {
  return drawMultinomial(
    weights.map(weight => drawGamma(weight, random)),
    rows,
    random,
  );
}

/** Draws the rows of each bin in a sample of `rows`. @param weights - proportional to the chance of each bin */
export function drawMultinomial(weights: readonly number[], rows: number, random: Random): number[] {
  let restWeight = weights.reduce((total, weight) => total + weight, 0);
  let rest = rows;
  return weights.map((weight, bin) => {
    const share = bin === weights.length - 1 ? 1 : Math.min(1, weight / restWeight);
    const drawn = drawBinomial(rest, share, random);
    restWeight -= weight;
    rest -= drawn;
    return drawn;
  });
}

/**
 * Draws a gamma variate with a shape of at least 1 and scale 1. Marsaglia and Tsang, A simple method for generating
 * gamma variables, ACM TOMS 26 (2000).
 */
export function drawGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random()) < (normal * normal) / 2 + d * (1 - v + Math.log(v))) {
      return d * v;
    }
  }
}

/** Box-Muller transform. */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Draws the number of successes in `trials`, each with the probability `chance`. */
export function drawBinomial(trials: number, chance: number, random: Random): number {
  if (chance > 0.5) {
    return trials - drawBinomial(trials, 1 - chance, random);
  }
  if (trials === 0 || chance <= 0) {
    return 0;
  }
  return trials * chance < 10
    ? countSuccesses(trials, chance, random)
    : drawByRejection(trials, chance, random);
}

/** Jumps from one success to the next, so it takes as many steps as there are successes. */
function countSuccesses(trials: number, chance: number, random: Random): number {
  const logFailure = Math.log1p(-chance);
  let successes = 0;
  let at = Math.floor(Math.log(1 - random()) / logFailure) + 1;
  while (at <= trials) {
    successes += 1;
    at += Math.floor(Math.log(1 - random()) / logFailure) + 1;
  }
  return successes;
}

/**
 * The algorithm BTRS for means of at least 10.
 * Hörmann, The generation of binomial random variates, J. Stat. Comput. Simul. 46 (1993).
 */
function drawByRejection(trials: number, chance: number, random: Random): number {
  const spread = Math.sqrt(trials * chance * (1 - chance));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * chance;
  const c = trials * chance + 0.5;
  const alpha = (2.83 + 5.1 / b) * spread;
  const odds = chance / (1 - chance);
  const mode = Math.floor((trials + 1) * chance);
  for (;;) {
    const u = random() - 0.5;
    const v = 1 - random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= 0.92 - 4.2 / b) {
      return k;
    }
    if (k < 0 || k > trials) {
      continue;
    }
    const accepted =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
      (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
      (k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) +
      stirlingRest(mode) +
      stirlingRest(trials - mode) -
      stirlingRest(k) -
      stirlingRest(trials - k);
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= accepted) {
      return k;
    }
  }
}

/** ln k! minus Stirling's approximation. */
function stirlingRest(k: number): number {
  return k < smallRests.length
    ? smallRests[k]!
    : (1 / 12 - (1 / 360 - 1 / 1260 / (k + 1) ** 2) / (k + 1) ** 2) / (k + 1);
}

const smallRests = [
  0.081061466795327, 0.041340695955409, 0.02767792568499, 0.02079067210376, 0.01664469118982,
  0.01387612882307, 0.01189670994589, 0.0104112652619, 0.0092554621827, 0.00833056343336,
];
