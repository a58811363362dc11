/**
 * Reproduces in a minute the lines of docs/drift.md that take bench/drift.ts hours: `node bench/drift-found.ts`. The
 * bins of a normal feature contain equally many rows of any reference, so the likelihood ratio without drift is
 * simulated once instead of in each run.
 */

import { likelihoodRatio } from '../lib/drift/statistics/distances.ts';
import { orderedBins } from '../lib/drift/statistics/no-drift.ts';
import { seededRandom } from '../lib/model/press/random-inputs.ts';
import { detectors, drawCurrent, drawReference } from './drift/detectors.ts';

const [runs, features, alpha, looks, referenceRows] = [1000, 30, 0.05, 365, 5000];
const random = seededRandom(7);
const fixed = Object.entries(detectors).filter(([name]) => !name.startsWith('coldpress'));

/** The ratio that samples without drift exceed with the given probability. */
function criticalRatio(rows: number, chance: number): number {
  const { reference, current } = drawCurrent(drawReference(referenceRows, random), {
    rows,
    shift: 0,
    random,
  });
  const noDrift = orderedBins({ reference, current });
  const ratios = Float64Array.from({ length: Math.max(100_000, Math.ceil(10 / chance)) }, () => {
    const drawn = noDrift.draw(random);
    return likelihoodRatio(drawn.reference, drawn.current);
  }).sort();
  return ratios[Math.ceil((1 - chance) * ratios.length)]!;
}

const names = ['coldpress, daily for a year', 'coldpress, one look', ...fixed.map(([name]) => name)];
console.log(`| 30 features | rows | ${names.join(' | ')} |`);
console.log(`| --- | --: | ${names.map(() => '--:').join(' | ')} |`);
for (const [what, rows, shift] of [
  ['half a deviation in one, found', 50, 0.5],
  ['half a deviation in one, found', 500, 0.5],
  ['half a deviation in one, found', 5000, 0.5],
  ['no drift', 50_000, 0],
] as const) {
  const critical = [looks, 1].map(times => criticalRatio(rows, alpha / times / features));
  const alarms = names.map(() => 0);
  // Only one feature drifts; without drift, any feature may be a false alarm.
  const drawnFeatures = shift === 0 ? features : 1;
  for (let run = 0; run < runs; run += 1) {
    const drawn = Array.from({ length: drawnFeatures }, () => {
      const column = drawReference(referenceRows, random);
      return drawCurrent(column, { rows, shift, random });
    });
    const ratio = Math.max(...drawn.map(({ reference, current }) => likelihoodRatio(reference, current)));
    const rings = [
      ...critical.map(least => ratio > least),
      ...fixed.map(([, detect]) => detect(drawn).includes(true)),
    ];
    for (const [index, rang] of rings.entries()) {
      alarms[index]! += rang ? 1 : 0;
    }
  }
  const rates = alarms.map(count => `${((100 * count) / runs).toFixed(1)} %`);
  console.log(`| ${what} | ${rows.toLocaleString('en-US')} | ${rates.join(' | ')} |`);
}
