/**
 * How often drift is reported falsely, and how often real drift is found: `node bench/drift.ts [--runs 1000]
 * [--reference 5000] [--rows 50 --rows 500]` prints the table of docs/drift.md.
 */
import { parseArgs } from 'node:util';
import { seededRandom } from '../lib/model/press/random-inputs.ts';
import { detectors, drawCurrent, drawReference } from './drift/detectors.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    reference: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    rows: { type: 'string', multiple: true },
  },
});
const runs = Number(values.runs);
const features = 30;

const cases: [what: string, rows: number, shift: number][] = [
  ['no drift', 50, 0],
  ['no drift', 500, 0],
  ['no drift', 5000, 0],
  ['no drift', 50_000, 0],
  ['half a deviation in one, found', 50, 0.5],
  ['half a deviation in one, found', 500, 0.5],
  ['half a deviation in one, found', 5000, 0.5],
];

const names = Object.keys(detectors);
console.log(`| 30 features | rows | ${names.join(' | ')} |`);
console.log(`| --- | --: | ${names.map(() => '--:').join(' | ')} |`);
for (const [what, rows, shift] of cases.filter(isChosen)) {
  const random = seededRandom(Number(values.seed) + rows);
  const alarms = names.map(() => 0);
  for (let run = 0; run < runs; run += 1) {
    const drawn = Array.from({ length: features }, (_, feature) => {
      const column = drawReference(Number(values.reference), random);
      return drawCurrent(column, { rows, shift: feature === 0 ? shift : 0, random });
    });
    for (const [index, name] of names.entries()) {
      const drifted = detectors[name]!(drawn);
      // Without drift, any feature is a false alarm; with drift, the feature that drifted has to be found.
      alarms[index]! += (shift === 0 ? drifted.includes(true) : drifted[0]) ? 1 : 0;
    }
  }
  const rates = alarms.map(count => `${((100 * count) / runs).toFixed(1)} %`);
  console.log(`| ${what} | ${rows.toLocaleString('en-US')} | ${rates.join(' | ')} |`);
}

function isChosen([, rows]: (typeof cases)[number]): boolean {
  return values.rows === undefined || values.rows.includes(String(rows));
}
