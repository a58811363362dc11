import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bench } from '../../lib/bench/bench.ts';
import type { BenchOptions } from '../../lib/bench/options.ts';
import { phases } from '../../lib/bench/phases.ts';
import type { BenchResult } from '../../lib/bench/result.ts';
import { lambdaMemoryOf } from '../../lib/targets/aws-lambda/memory.ts';
import { run, start } from '../cli/coldpress.ts';
import { emptyFolder, host, tinyArtifact } from '../local/tiny-artifact.ts';

const answer = `export const handler = async () => ({
  statusCode: 200,
  headers: { 'Server-Timing': 'boot;dur=1, native;dur=2, model;dur=3, first;dur=0.1' },
  body: '{}',
});`;
const short = { host, event: '{}', samples: 2, discard: 1, warm: 2 } as const;
const linux = process.platform === 'linux';

describe.skipIf(!linux)('a short run of a tiny artifact (on Linux)', () => {
  test('measures it beside an empty function, phase by phase', async () => {
    const dir = await tinyArtifact(answer);
    const result = await bench([dir], { ...short, baselines: ['hello'] });
    expect(result).toMatchObject({
      schemaVersion: 1,
      disk: 'warm',
      options: { samples: 2, discard: 1, warm: 2, seed: 1 },
      variants: [
        { name: 'hello', kind: 'hello', vcpu: null },
        {
          name: dir,
          kind: 'artifact',
          memoryMb: lambdaMemoryOf(availableParallelism()),
          versions: { node: host.nodeVersion },
        },
      ],
      summaries: [{ name: 'hello', ratio: { to: dir } }, { name: dir }],
    });
    const [hello, packed] = result.variants;
    for (const sample of [...hello!.samples, ...packed!.samples]) {
      const sum = phases.reduce((total, { name }) => total + sample.phases[name], 0);
      expect(sum).toBeCloseTo(sample.totalMs, 6);
      expect(sample.totalMs).toBe(sample.initMs + sample.answerMs);
      expect(sample.phases.runtime).toBeGreaterThan(5);
      expect(sample.warmMs.length).toBe(2);
      expect(sample.peakMemoryMb).toBeGreaterThan(20);
      expect(sample.cpuMs).toBeGreaterThan(5);
    }
    expect(packed!.samples[0]!.phases).toMatchObject({ native: 2, model: 3, first: 0.1 });
    expect(packed!.sizes.zippedBytes).toBeGreaterThan(100);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test('a cold disk, where it can be had', async () => {
    const dir = await tinyArtifact(answer);
    const result = await bench([dir], { ...short, coldDisk: true }).catch(error => error);
    // A temporary folder in memory cannot be dropped, and is refused.
    const expected = result instanceof Error ? { code: 'COLD_DISK_UNAVAILABLE' } : { disk: 'cold' };
    expect(result).toMatchObject(expected);
  });

  test('one memory size, though it is given twice', async () => {
    const dir = await tinyArtifact(answer);
    const { variants } = await bench([`${dir}/`], { ...short, samples: 1, memoryMb: [512, 512] });
    expect(variants.map(({ name }) => name)).toEqual([dir]);
    await expect(bench([dir, `${dir}/`], short)).rejects.toMatchObject({ code: 'OPTION_CONFLICT' });
  });

  test('two memory sizes: each with its share of CPU, or a note that says not', async () => {
    const dir = await tinyArtifact(answer);
    const { variants, notes } = await bench([dir], { ...short, memoryMb: [512, 1024] });
    expect(variants.map(({ name, memoryMb }) => [name, memoryMb])).toEqual([
      [`${dir} @512`, 512],
      [`${dir} @1024`, 1024],
    ]);
    const unlimited = variants.filter(({ vcpu }) => vcpu === null).map(({ name }) => name);
    expect(notes.filter(({ code }) => code.startsWith('cpu-share')).map(note => note.variant)).toEqual(
      unlimited,
    );
  });
});

describe.skipIf(!linux)('a function that fails is not timed, and the phase is named', () => {
  const cases: [string, string, RegExp][] = [
    ['while it loads', 'throw new Error("no model");', /failed in INIT.*no model/],
    [
      'by its exit',
      'process.exit(3);',
      /failed in INIT.*: Runtime\.ExitError: Runtime exited.*exit status 3/,
    ],
    [
      'on its first request',
      'export const handler = async () => { throw new Error("bad shape"); };',
      /first request: Error: bad shape/,
    ],
    [
      'by its status',
      'export const handler = async () => ({ statusCode: 422, body: \'{"error":"no x"}\' });',
      /first request: it answered 422: \{"error":"no x"\}/,
    ],
    [
      'on a later request',
      'let n = 0; export const handler = async () => { if (n++) throw new Error("once"); };',
      /request 2: Error: once/,
    ],
  ];

  test.each(cases)('%s', async (_, source, message) => {
    await expect(bench([await tinyArtifact(source)], short)).rejects.toMatchObject({
      code: 'BENCH_FUNCTION_FAILED',
      message: expect.stringMatching(message),
    });
  });
});

describe('refused', () => {
  const cases: [string, Partial<BenchOptions>, string, RegExp][] = [
    ['an event and an input', { input: '{}' }, 'OPTION_CONFLICT', /--event and --input/],
    ['a model without naive', { model: 'm.onnx' }, 'OPTION_CONFLICT', /--model.*--baseline naive/],
    ['no samples', { samples: 0 }, 'OPTION_OUT_OF_RANGE', /--samples is 0/],
    ['an event that is no JSON', { event: '{' }, 'EVENT_INVALID', /event/],
    ['too little memory', { memoryMb: [64] }, 'OPTION_OUT_OF_RANGE', /64/],
    ['naive without its model', { baselines: ['naive'] }, 'BASELINE_MODEL_MISSING', /naive/],
    ['a CPU that is not here', { host: { ...host, arch: 'riscv64' } }, 'BENCH_OTHER_CPU', /riscv64/],
  ];

  test.each(cases)('%s', async (_, options, code, message) => {
    const cwd = await emptyFolder();
    const dir = await tinyArtifact(answer);
    const run = bench([dir], { ...short, ...options, host: { ...host, cwd, ...options.host } });
    await expect(run).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe.skipIf(!linux)('the command', () => {
  const flags = '--samples 2 --discard 0 --warm 1'.split(' ');

  test('prints a table, writes a report, and leaves nothing behind', async () => {
    const [dir, temporary, cwd] = [await tinyArtifact(answer), await emptyFolder(), await emptyFolder()];
    const report = ['--report', 'report'];
    const { code, stdout, stderr } = await run(['bench', dir, ...flags, ...report], {
      cwd,
      env: { TMPDIR: temporary },
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('first answer ms');
    expect(stdout).toContain('warning: intervals of 2 samples');
    expect(readdirSync(join(cwd, 'report')).sort()).toEqual([
      'bench.json',
      'phases.svg',
      'report.html',
      'report.md',
    ]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('ends with 3 where it got slower, and says in which phase', async () => {
    const [dir, cwd] = [await tinyArtifact(answer), await emptyFolder()];
    const { stdout } = await run(['bench', dir, ...flags, '--json'], { cwd });
    const base: BenchResult = JSON.parse(stdout);
    for (const sample of base.variants[0]!.samples) {
      sample.totalMs /= 50;
      sample.phases.runtime /= 50;
    }
    writeFileSync(join(cwd, 'base.json'), JSON.stringify(base));
    const gate = '--compare base.json --fail-above 5%'.split(' ');
    const { code, stdout: table } = await run(['bench', dir, ...flags, ...gate], { cwd });
    expect(table).toMatch(/SLOWER, cold .*\n {4}in process and runtime \+/);
    expect(code).toBe(3);
  });

  test('looks at what it compares with and where it writes, before it measures', async () => {
    const [dir, cwd] = [await tinyArtifact(answer), await emptyFolder()];
    const { stdout } = await run(['bench', dir, ...flags, '--json'], { cwd });
    const base: BenchResult = JSON.parse(stdout);
    const files = {
      'cold.json': { ...base, disk: 'cold' },
      'other.json': { ...base, variants: base.variants.map(variant => ({ ...variant, name: 'other' })) },
      'empty.json': { ...base, variants: [] },
      'no-samples.json': { ...base, variants: [{ name: dir }] },
      'list.json': [],
    };
    for (const [name, value] of Object.entries(files)) {
      writeFileSync(join(cwd, name), JSON.stringify(value));
    }
    const cases: [string, RegExp][] = [
      [
        '--compare cold.json',
        /BENCH_NOT_COMPARABLE: this run has a warm disk, the one before had a cold one/,
      ],
      ['--compare other.json', /BENCH_NOT_COMPARABLE: no artifact is in both runs: the one before had other/],
      ['--compare empty.json', /BENCH_BASE_INVALID/],
      ['--compare no-samples.json', /BENCH_BASE_INVALID/],
      ['--compare list.json', /BENCH_BASE_INVALID/],
      ['--report list.json', /REPORT_UNWRITABLE/],
    ];
    for (const [text, says] of cases) {
      // The slash is no other artifact.
      const { code, stdout, stderr } = await run(['bench', `${dir}/`, ...flags, ...text.split(' ')], { cwd });
      expect([text, code, stdout]).toEqual([text, 2, '']);
      expect(stderr).toMatch(says);
    }
  });

  test('Ctrl-C leaves nothing behind', async () => {
    const [dir, temporary] = [await tinyArtifact(answer), await emptyFolder()];
    const { child, ended } = start(['bench', dir, '--memory', '512'], { env: { TMPDIR: temporary } });
    await expect.poll(() => readdirSync(temporary).length, { timeout: 20_000 }).toBe(2);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });

  const cases: [string, string, RegExp][] = [
    ['a limit without a run to compare', '--fail-above 5%', /--fail-above needs --compare/],
    ['a limit that is no percentage', '--compare b.json --fail-above much', /--fail-above is much/],
    ['a run that is not there', '--compare missing.json', /BENCH_BASE_INVALID: missing\.json/],
    ['a baseline that is none', '--baseline fast', /--baseline is fast/],
    ['a memory size that is no number', '--memory 512,much', /--memory is much/],
    ['an unknown flag', '--sample 3', /--sample.*--samples/s],
  ];

  test.each(cases)('refuses %s', async (_, text, says) => {
    const { code, stdout, stderr } = await run(['bench', 'packed', ...text.split(' ')], {
      cwd: await emptyFolder(),
    });
    expect(stderr).toMatch(says);
    expect([code, stdout]).toEqual([2, '']);
  });
});
