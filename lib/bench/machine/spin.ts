const steps = 1_000_000;
const tries = 3;

/** Milliseconds for a fixed piece of arithmetic: the best of three, which filters out interruptions. */
export function spin(): number {
  return Math.min(...Array.from({ length: tries }, once));
}

function once(): number {
  const start = performance.now();
  let state = 1;
  for (let step = 0; step < steps; step++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  }
  // The result is used, or the loop would be optimised away.
  return state === 0 ? 0 : performance.now() - start;
}
