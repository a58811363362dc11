import { FUNCTION_FOLDER, GOLDEN_FILE, MODEL_FOLDER } from '../../contract/files.ts';
import { literal } from '../../model/declarations/literals.ts';
import type { Project } from '../project.ts';

/** `test/golden.ts`: what the test and the replay after a deployment have in common. */
export function golden(): string {
  return `import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

interface Tensor {
  name: string;
  shape: number[];
  data: unknown[];
}

interface Golden {
  tolerance: { relative: number; absolute: number };
  request: object;
  response: { outputs: Tensor[] };
}

const file = 'build/${FUNCTION_FOLDER}/${MODEL_FOLDER}/${GOLDEN_FILE}';

/** An inference and its answer, proven when the model was packed. */
export const golden: Golden | undefined = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : undefined;

export const noGolden =
  'the packed model has no golden vector: it answers no numbers that were made up, and needs ' +
  '\`samples\` in coldpress.config.ts, or its vector would be larger than coldpress keeps one';

/** Throws where an answer differs from the golden one by more than the tolerance. */
export function checkAnswer(answer: { outputs: Tensor[] }, { tolerance, response }: Golden): void {
  const { relative, absolute } = tolerance;
  for (const expected of response.outputs) {
    const actual = answer.outputs.find(output => output.name === expected.name);
    assert.deepEqual(actual?.shape, expected.shape, \`shape of \${expected.name}\`);
    for (const [i, value] of expected.data.entries()) {
      const given = actual?.data[i];
      const isClose =
        typeof value === 'number' && Math.abs(Number(given) - value) <= absolute + relative * Math.abs(value);
      assert.ok(isClose || given === value, \`\${expected.name}[\${i}] is \${given}, not \${value}\`);
    }
  }
}
`;
}

/** `test/golden.test.ts`: the packed function, cold, as the cloud would run it. */
export function goldenTest({ name }: Project): string {
  return `import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { checkAnswer, golden, noGolden } from './golden.ts';

test(${literal(`${name}, packed, answers as the model did`)}, context => {
  if (golden === undefined) {
    context.skip(noGolden);
    return;
  }
  const printed = execFileSync('npx', ['coldpress', 'invoke', 'build', '--input', '-', '--json'], {
    input: JSON.stringify(golden.request),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  checkAnswer(JSON.parse(printed).answer, golden);
});
`;
}
