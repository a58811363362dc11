import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';
import { root } from '../cli/coldpress.ts';
import { makeOwner, type Owner } from '../init/owner.ts';

/**
 * Runs docs/tutorial.md in an empty folder, as somebody would who copies its blocks. The words after a block's language say
 * what becomes of it: `run` (`run exits 3`), `output` of the command before it, `NAME is` a file that a command wrote, `NAME
 * becomes` a file to be replaced, `NAME inserts` lines after the function. Other blocks need Python or the cloud.
 */

interface Block {
  words: string[];
  body: string;
}

const page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8');
const blocks: Block[] = [...page.matchAll(/^```(\S+ .+)\n([\s\S]*?)^```$/gm)].map(([, words, body]) => ({
  words: words!.split(' ').slice(1),
  body: body!,
}));

let owner: Owner;
let cwd: string;

beforeAll(async () => {
  owner = await makeOwner();
  cwd = join(owner.folder, 'churn');
  mkdirSync(cwd);
  writeData(cwd);
}, 600_000);

afterAll(() => owner?.end(), 60_000);

test('the tutorial does what it says', { timeout: 900_000 }, async () => {
  let printed = '';
  for (const { words, body } of blocks) {
    const [name, verb] = words;
    if (name === 'run') {
      printed = await run(body, Number(words[2] ?? 0));
    } else if (name === 'output') {
      expect(printed).toContain(body);
    } else if (verb === 'is') {
      expect(readFileSync(join(cwd, name!), 'utf8')).toBe(body);
    } else if (verb === 'becomes') {
      writeFileSync(join(cwd, name!), body);
    } else if (verb === 'inserts') {
      const file = join(cwd, name!);
      const changed = readFileSync(file, 'utf8').replace(/^.*new OnnxFunction.*\n/m, line => line + body);
      expect(changed).toContain(body);
      writeFileSync(file, changed);
    }
  }
  expect(blocks.filter(({ words }) => words[0] === 'run')).toHaveLength(11);
  expect(printed).toMatch(/monthly_charge/);
});

async function run(command: string, code: number): Promise<string> {
  const child = spawn('sh', ['-c', command], { cwd, env: owner.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect(child.exitCode, `${command}${stdout}${stderr}`).toBe(code);
  return stdout;
}

/** The files of a notebook: the model and samples of the example, and more customers like them. */
function writeData(folder: string): void {
  const example = join(root, 'examples/churn');
  for (const file of ['model.txt', 'samples.csv']) {
    cpSync(join(example, file), join(folder, file));
  }
  const [header, ...rows] = readFileSync(join(example, 'samples.csv'), 'utf8').trim().split('\n');
  const features = header!.split(',').slice(0, 6);
  const next = seededRandom(1);
  const customers = (count: number, charge: number) =>
    Array.from({ length: count }, () => {
      const cells = rows[Math.floor(next() * rows.length)]!.split(',').slice(0, 6);
      cells[3] = cells[3] === '' ? '' : (Number(cells[3]) * charge + next()).toFixed(2);
      return cells.join(',');
    });
  const write = (name: string, lines: string[]) =>
    writeFileSync(join(folder, name), `${[features.join(','), ...lines].join('\n')}\n`);
  write('training.csv', customers(2000, 1));
  write('campaign.csv', customers(400, 1.4));
}
