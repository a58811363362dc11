import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyTemplate, listAll, type Scenario } from './scenarios.ts';

const bin = fileURLToPath(new URL('../../bin/coldpress.js', import.meta.url));
const preload = new URL('./die-after.mjs', import.meta.url).href;

/** When a command is killed. */
export type Moment =
  | { kind: 'renames' | 'changes'; number: number }
  | { kind: 'milliseconds'; number: number };

export interface Undisturbed {
  renames: number;
  changes: number;
  milliseconds: number;
  /** The files that exist afterwards. */
  files: string[];
}

/** Runs a scenario to its end, in `dir`, and returns how many changes it makes. */
export async function runWhole(scenario: Scenario, dir: string): Promise<Undisturbed> {
  copyTemplate(scenario, dir);
  const countFile = join(dir, '..', `${scenario.name}.count`);
  const startedAt = performance.now();
  const { code, stderr } = await run(scenario, dir, {
    COLDPRESS_DIE_AFTER: 'count 0',
    COLDPRESS_COUNT_FILE: countFile,
  });
  if (code !== 0) {
    throw new Error(`${scenario.name} fails without a kill: ${stderr}`);
  }
  const milliseconds = performance.now() - startedAt;
  return { ...JSON.parse(readFileSync(countFile, 'utf8')), milliseconds, files: listAll(dir) };
}

/**
 * Kills a scenario's command at a moment, checks the files, runs it again, and checks once more.
 * @returns the problems found
 */
export async function killOnce(
  scenario: Scenario,
  { dir, moment, expected }: { dir: string; moment: Moment; expected: string[] },
): Promise<string[]> {
  copyTemplate(scenario, dir);
  try {
    const env: Record<string, string> =
      moment.kind === 'milliseconds' ? {} : { COLDPRESS_DIE_AFTER: `${moment.kind} ${moment.number}` };
    await run(scenario, dir, env, moment.kind === 'milliseconds' ? moment.number : undefined);
    const afterKill = problems(() => scenario.problemsAfterKill(dir));
    const again = await run(scenario, dir);
    const isRefused = scenario.mayRefuse?.test(again.stderr) === true;
    const afterwards = [
      ...(again.code === 0 || isRefused
        ? []
        : [`the next run ends with ${again.code ?? again.signal}: ${again.stderr}`]),
      ...problems(() => scenario.problemsAfterKill(dir)),
      ...(await leftBehind(dir, expected)),
    ];
    return [...afterKill.map(problem => `after the kill: ${problem}`), ...afterwards];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function run(scenario: Scenario, dir: string, env: Record<string, string> = {}, killAfterMs?: number) {
  const child = spawn(process.execPath, ['--import', preload, bin, ...scenario.args], {
    cwd: join(dir, 'project'),
    env: {
      ...process.env,
      COLDPRESS_CACHE_DIR: join(dir, 'cache'),
      TMPDIR: join(dir, 'tmp'),
      NODE_COMPILE_CACHE: join(dir, '..', 'compiled'),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [[code, signal], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  clearTimeout(timer);
  return { code: code as number | null, signal: signal as NodeJS.Signals | null, stderr };
}

function problems(find: () => string[]): string[] {
  try {
    return find();
  } catch (error) {
    return [String(error)];
  }
}

/** Files that only remain after a kill. The process that cleans up after a killed one may still be running. */
async function leftBehind(dir: string, expected: string[]): Promise<string[]> {
  const strip = (names: string[]) => names.filter(name => !/^cache\/[0-9a-f]{32}/.test(name)).join('\n');
  for (let tries = 0; strip(listAll(dir)) !== strip(expected); tries += 1) {
    if (tries === 50) {
      const found = listAll(dir);
      const more = found.filter(name => !expected.includes(name)).slice(0, 5);
      const less = expected.filter(name => !found.includes(name)).slice(0, 5);
      return [`left behind: ${more.join(', ') || 'nothing'}; missing: ${less.join(', ') || 'nothing'}`];
    }
    await wait(100);
  }
  return [];
}
