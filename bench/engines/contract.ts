/**
 * Packs models for both engines, sends both functions the same wrong and unusual requests, and compares the answers:
 * equal status, equal error text, and equal answers. What an engine itself says of a request that reached it may be
 * worded differently; those texts are printed once each. Exits with 1 if any status differs, a function ends, or only
 * one answers.
 *
 *     node bench/engines/contract.ts CORPUS... [--models 60] [--requests 300] [--seed SEED] [--only SUBSTRING]
 *
 * CORPUS is a folder with `manifest.json`, which has a row per case, and the cases' folders with `model.onnx`.
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ColdpressError } from '../../lib/errors.ts';
import { pack } from '../../lib/pack/pack.ts';
import { makeTemporaryFolder } from '../../lib/temporary-folder.ts';
import type { Answer } from './contract/answer-all.ts';
import { differenceOf } from './contract/difference.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string', default: '60' },
    requests: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string', default: '' },
  },
});
const engines = ['compiled', 'onnxruntime'] as const;
const run = promisify(execFile);
const script = join(import.meta.dirname, 'contract/answer-all.ts');
const scratch = await makeTemporaryFolder({ purpose: 'contract' });
const counts = { models: 0, 'not packed': 0, requests: 0, equal: 0, worded: 0, differs: 0 };
const shown = new Set<string>();
console.log(`seed ${options.seed}`);
try {
  for (const path of spread(positionals.flatMap(modelsOf))) {
    if (counts.models < Number(options.models)) {
      await compareEngines(path);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(counts);
process.exit(counts.differs === 0 ? 0 : 1);

function modelsOf(corpus: string): string[] {
  const rows: { path: string; category: string }[] = JSON.parse(
    readFileSync(join(corpus, 'manifest.json'), 'utf8'),
  );
  return rows
    .filter(({ path, category }) => category !== 'bad' && path.includes(options.only))
    .map(({ path }) => join(corpus, path, 'model.onnx'));
}

/** Reorders the models so that the first ones are from everywhere. */
function spread(paths: string[]): string[] {
  const step = Math.max(1, Math.floor(paths.length / Number(options.models)));
  return Array.from({ length: step }, (_, first) =>
    paths.filter((_, index) => index % step === first),
  ).flat();
}

async function compareEngines(model: string): Promise<void> {
  const dirs = engines.map(engine => join(scratch, engine));
  try {
    for (const [index, engine] of engines.entries()) {
      const out = dirs[index]!;
      await pack({ cwd: scratch, env: process.env, model, engine, arch: hostArch(), native: 'inline', out });
    }
  } catch (error) {
    if (!(error instanceof ColdpressError)) {
      throw error;
    }
    counts['not packed']++;
    return;
  }
  counts.models++;
  const [compiled, native] = await Promise.all(dirs.map(answersOf));
  for (const [index, answer] of compiled!.entries()) {
    counts.requests++;
    const { verdict, text } = differenceOf(answer, native![index]);
    counts[verdict]++;
    if (verdict !== 'equal' && !shown.has(text)) {
      shown.add(text);
      console.log(`${verdict}: ${model}, request ${index} (${answer.kind}): ${text}`);
    }
  }
  if (compiled!.length !== Number(options.requests) || native!.length !== compiled!.length) {
    counts.differs++;
    console.log(`${model}: ${compiled!.length} answers compiled, ${native!.length} of ONNX Runtime`);
  }
}

function hostArch(): 'arm64' | 'x64' {
  return process.arch === 'arm64' ? 'arm64' : 'x64';
}

/** The answers of a packed function; fewer than requests if its process ended. */
async function answersOf(dir: string): Promise<Answer[]> {
  const file = `${dir}.jsonl`;
  writeFileSync(file, '');
  await run(process.execPath, [script, dir, options.seed, options.requests, file], {
    maxBuffer: 2 ** 30,
    timeout: 300_000,
  }).catch(error => {
    console.log(`${dir}: ${error.signal ?? error.code}: ${String(error.stderr).slice(-500)}`);
  });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').filter(Boolean);
  return lines.map(line => JSON.parse(line));
}
