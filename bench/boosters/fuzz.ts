/**
 * Reads boosters with random bytes changed, cut and repeated: each must be read, or rejected with a coldpress error.
 *
 *     node bench/boosters/fuzz.ts lightgbm|json|ubj MODEL [COUNT] [SEED]
 */
import { readFileSync } from 'node:fs';
import { ColdpressError } from '../../lib/errors.ts';
import { compileBooster } from '../../lib/model/formats/compile.ts';
import { readLightGbm } from '../../lib/model/formats/lightgbm/read.ts';
import { readXgBoost } from '../../lib/model/formats/xgboost/read.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';

const [format = 'lightgbm', path = '', count = '100000', seed = '1'] = process.argv.slice(2);
const whole = readFileSync(path);
const random = seededRandom(Number(seed));
const below = (limit: number) => Math.floor(random() * limit);
const counts = { read: 0, refused: 0, uncaught: 0 };
let slowestMs = 0;

for (let round = 0; round < Number(count); round++) {
  const bytes = mutate();
  const start = process.threadCpuUsage().user;
  try {
    compileBooster(
      format === 'lightgbm' ? readLightGbm([bytes]) : readXgBoost(bytes, format as 'json' | 'ubj'),
    );
    counts.read++;
  } catch (error) {
    if (error instanceof ColdpressError) {
      counts.refused++;
    } else if (counts.uncaught++ < 5) {
      console.log(`round ${round}:`, (error as Error).stack?.split('\n').slice(0, 4).join(' '));
    }
  }
  slowestMs = Math.max(slowestMs, (process.threadCpuUsage().user - start) / 1000);
}
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(format, `${count} files from seed ${seed}`, counts, {
  slowestCpuMs: Math.round(slowestMs),
  peakMb,
});

/** Changes a few bytes; occasionally cuts or repeats a part. Half of the time, digits stay digits. */
function mutate(): Buffer {
  let bytes = Buffer.from(whole);
  for (let i = below(4); i >= 0; i--) {
    const at = below(bytes.length);
    const isDigit = bytes[at]! >= 48 && bytes[at]! <= 57;
    bytes[at] = isDigit && random() < 0.5 ? 48 + below(10) : random() < 0.5 ? 44 + below(15) : below(256);
  }
  if (random() < 0.3) {
    const [start, end] = [below(bytes.length), below(bytes.length)].sort((a, b) => a - b) as [number, number];
    bytes =
      random() < 0.5
        ? Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
        : Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  }
  return bytes;
}
