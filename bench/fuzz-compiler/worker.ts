/** The process of fuzz-compiler.ts that compiles and opens the cases of a range. */
import { ColdpressError } from '../../lib/errors.ts';
import { compileModel } from '../../lib/model/compile/compile.ts';
import { NotCovered } from '../../lib/model/compile/not-covered.ts';
import { resolveExternalData } from '../../lib/model/external-data.ts';
import { rewriteModel } from '../../lib/model/passes/index.ts';
import { decodeModel } from '../../lib/model/read.ts';
import { encodeModel } from '../../lib/model/write.ts';
import * as kernels from '../../lib/runtime/engine/compiled/kernels/index.ts';
import { openProgram } from '../../lib/runtime/engine/compiled/open-program.ts';
import { branching, classifier, dense } from '../../test/model/specimens.ts';
import { startDrawing } from '../engines/fuzz/draw.ts';
import { generators } from '../engines/fuzz/index.ts';
import { corpusModels, startMutating } from '../mutate-model.ts';

export interface Range {
  seed: number;
  from: number;
  to: number;
  corpus?: string | undefined;
}

export interface Report {
  outcomes: Record<string, number>;
  /** Errors other than coldpress's, and slow cases. */
  failures: string[];
  slowestMs: number;
  peakMb: number;
}

const slowMs = 1000;
const perOperator = 20;

let models: Uint8Array[] | undefined;

process.on('message', async ({ seed, from, to, corpus }: Range) => {
  models ??= allModels(corpus);
  const report: Report = { outcomes: {}, failures: [], slowestMs: 0, peakMb: 0 };
  for (let index = from; index < to; index++) {
    // Each case has its own seed, so that it can be run again alone.
    const { pick, mutate } = startMutating(seed + index);
    const bytes = mutate(pick(models));
    // CPU time, so that what else runs on this machine does not count.
    const start = process.threadCpuUsage();
    const outcome = await compile(bytes);
    const { user, system } = process.threadCpuUsage(start);
    const ms = (user + system) / 1000;
    report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
    report.slowestMs = Math.max(report.slowestMs, ms);
    if (outcome.startsWith('THROWN') || ms > slowMs) {
      report.failures.push(`case ${index}, ${ms.toFixed(0)} ms: ${outcome}`);
    }
  }
  report.peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  process.send!(report);
});
process.on('disconnect', () => process.exit());

async function compile(bytes: Uint8Array): Promise<string> {
  let stage = 'reading';
  try {
    const decoded = decodeModel(bytes, 'model.onnx');
    await resolveExternalData(decoded);
    const { model } = rewriteModel(decoded, { engine: 'compiled' });
    stage = 'compiling';
    const { program, weights } = compileModel(model, []);
    stage = 'opening';
    // The program as the function reads it.
    openProgram(JSON.parse(JSON.stringify(program)), new Uint8Array(weights), kernels);
    return 'compiled and opened';
  } catch (error) {
    if (error instanceof ColdpressError) {
      return error instanceof NotCovered ? 'not covered' : error.code;
    }
    if (stage === 'opening') {
      // The press opens a program in a separate process, and reports its error.
      return 'not opened';
    }
    return `THROWN ${stage}: ${(error as Error).stack?.split('\n').slice(0, 4).join(' ')}`;
  }
}

function allModels(corpus: string | undefined): Uint8Array[] {
  const drawn = Object.values(generators).flatMap(make =>
    Array.from({ length: perOperator }, (_, seed) => make(startDrawing(seed)).model),
  );
  return [
    ...[classifier(), branching(), dense(), ...drawn].map(proto => Buffer.concat(encodeModel(proto))),
    ...(corpus === undefined ? [] : corpusModels(corpus)),
  ];
}
