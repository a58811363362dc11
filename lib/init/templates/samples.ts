import { SAMPLES_FILE } from '../../contract/files.ts';
import { literal } from '../../model/declarations/literals.ts';
import type { Project } from '../project.ts';

/** `test/samples.ts`: the code that the test and the replay after a deployment share. */
export function samples(): string {
  return `import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

/** A record as a caller sends it, and the result that is expected. */
interface Sample {
  record: object;
  result?: Record<string, unknown>;
}

interface Samples {
  samples: Sample[];
  tolerances: Record<string, Tolerance>;
}

/** How far a number may be from the expected one: \`absolute + relative * |expected|\`. */
interface Tolerance {
  relative: number;
  absolute: number;
}

const exact: Tolerance = { relative: 0, absolute: 0 };

/** The samples of coldpress.config.ts; without any, one generated record with the model's answer to it. */
const { samples, tolerances } = readSamples('build/${SAMPLES_FILE}');

/** The records to send. If you change the records that score.ts accepts, change them here too. */
export const records: object[] = samples.map(({ record }) => record);

export const noRecords =
  'the packed model has no samples: set \`samples\` in coldpress.config.ts, because the model rejects generated inputs';

function readSamples(file: string): Samples {
  if (!existsSync(file)) {
    return { samples: [], tolerances: {} };
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Throws if a record has no result, or a result differs from the expected one. */
export function checkResults(results: unknown): void {
  assert.ok(
    Array.isArray(results) && results.length === records.length,
    \`expected \${records.length} results\`,
  );
  for (const [row, { result }] of samples.entries()) {
    const where = \`record \${row + 1}\`;
    assert.ok((results[row] ?? null) !== null, \`\${where} has no result\`);
    for (const [name, expected] of Object.entries(result ?? {})) {
      checkValue(\`\${where}: \${name}\`, results[row][name], expected, tolerances[name] ?? exact);
    }
  }
}

function checkValue(name: string, actual: unknown, expected: unknown, tolerance: Tolerance): void {
  if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected)) {
      checkValue(\`\${name}[\${key}]\`, (actual as Record<string, unknown> | undefined)?.[key], value, tolerance);
    }
    return;
  }
  const { relative, absolute } = tolerance;
  const isClose =
    typeof expected === 'number' &&
    typeof actual === 'number' &&
    Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
  assert.ok(isClose || actual === expected, \`\${name} is \${actual}; expected \${expected}\`);
}
`;
}

/** `test/model.test.ts`: runs the packed function cold, as the cloud would. */
export function modelTest({ name }: Project): string {
  return `import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { checkResults, noRecords, records } from './samples.ts';

test(${literal(`${name}: the packed function scores its samples`)}, context => {
  if (records.length === 0) {
    context.skip(noRecords);
    return;
  }
  const { stdout, stderr } = spawnSync('npx', ['coldpress', 'invoke', 'build', '--record', '-', '--json'], {
    input: JSON.stringify(records),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  assert.notEqual(stdout, '', stderr);
  const { statusCode, answer } = JSON.parse(stdout);
  assert.equal(statusCode, 200, JSON.stringify(answer));
  checkResults(answer);
});
`;
}
