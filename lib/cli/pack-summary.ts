import { relative } from 'node:path';
import { styleText } from 'node:util';
import { googleUsd, lambdaUsd } from '../advise/costs.ts';
import { packedFacts } from '../advise/packed-facts.ts';
import { defaults, resolveSituation } from '../advise/situation.ts';
import type { Manifest } from '../contract/manifest.ts';
import { takesBatches } from '../contract/signature.ts';
import { counted, groupDigits } from '../counted.ts';
import type { PackResult } from '../pack/pack-options.ts';
import { describeFailure, type ScoreResult } from '../pack/run-score.ts';
import { printable } from '../printable.ts';
import { quote } from '../shell-command.ts';
import { memoryFor } from '../targets/aws-lambda/memory.ts';
import { formatBytes, formatTable } from './format.ts';

/** The output of `coldpress pack`: proofs, the engine, size, speed and cost, and the next command. */
export function packSummary(result: PackResult, cwd: string): string {
  const { outDir, manifest, budget, zips } = result;
  const { name, runtime, architecture, model } = manifest;
  const folder = relative(cwd, outDir) || '.';
  const share = (bytes: number) =>
    budget.limitBytes === undefined ? '' : `${((100 * bytes) / budget.limitBytes).toFixed(1)} %`;
  const rows = budget.contributors.map(c => [c.name, formatBytes(c.sizeBytes), share(c.sizeBytes)]);
  const limit = budget.limitBytes === undefined ? '' : ` of ${formatBytes(budget.limitBytes)}`;
  const cpu = architecture === 'any' ? 'any CPU' : architecture;
  const passes = model.passes.length === 0 ? '' : `; rewritten (docs/models.md): ${model.passes.join(', ')}`;
  const remarks = remarksOn(manifest);
  return [
    `${styleText('bold', name)} for ${runtime} on ${cpu}${passes}`,
    `proof   ${describeProof(result)}`,
    `engine  ${describeEngine(result)}`,
    ...(result.score === undefined ? [] : [`score   ${describeScore(result.score, folder)}`]),
    ...describeRunning(manifest),
    '',
    formatTable([
      ...rows,
      ['unpacked', formatBytes(budget.totalBytes), `${share(budget.totalBytes)}${limit}`],
    ]),
    '',
    ...(zips.length === 0
      ? []
      : [...zips.map(zip => `${folder}/${zip.name}  ${formatBytes(zip.sizeBytes)}`), '']),
    ...(remarks.length === 0 ? [] : [...remarks, '']),
    `Measure it:  npx coldpress bench ${quote(folder)}`,
    `Try it:  npx coldpress serve ${quote(folder)}`,
  ].join('\n');
}

function describeProof({ samples, reference, manifest: { golden } }: PackResult): string {
  if (samples !== undefined) {
    const { rows, worstDistance, mislabelled } = samples.agreement;
    const worst =
      worstDistance === 0 ? 'without a difference' : `worst difference ${worstDistance.toPrecision(2)}`;
    const labels = mislabelled === null ? '' : ', all labels equal';
    return `${counted(rows, 'sample')} of ${printable(samples.path)} ${rows === 1 ? 'agrees' : 'agree'}, ${worst}${labels}`;
  }
  const noSamples = 'no samples with expected answers were given: see docs/samples.md';
  if (reference === undefined && !golden.kept) {
    return `none: the model answered no generated input, and ${noSamples}`;
  }
  return reference === undefined ? noSamples : `generated inputs agree with ONNX Runtime; ${noSamples}`;
}

function describeScore(score: ScoreResult, folder: string): string {
  if (!score.ran) {
    return `not run: ${printable(score.reason)}; try it: npx coldpress invoke ${quote(folder)}`;
  }
  const { origin, records, answered, failure } = score;
  const isSamples = origin === 'samples';
  const requests = isSamples ? counted(records, 'sample') : 'the golden vector';
  if (failure === undefined) {
    return `answered ${requests}`;
  }
  const reason = printable(describeFailure(isSamples ? failure : { ...failure, record: undefined }));
  return answered > 0
    ? `answered ${groupDigits(answered)} of ${requests}; ${reason}`
    : `did not answer ${requests}; ${reason}; if it takes other records, pass one: npx coldpress invoke ${quote(folder)} --record record.json`;
}

function describeEngine({ manifest: { engine, proof }, notCompiled, refused }: PackResult): string {
  const proven = proof === undefined ? '' : `, proven by ${counted(proof.rows, 'sample')}`;
  const reason =
    notCompiled ??
    refused ??
    (engine.name === 'compiled' ? 'plain JavaScript, no native library' : undefined);
  return `${engine.name}${proven}${reason === undefined ? '' : `: ${printable(reason)}`}`;
}

/** First answer and cost, both estimated, because nothing was measured. A container's cost depends on its platform. */
function describeRunning(manifest: Manifest): string[] {
  const { target, architecture } = manifest;
  const { situation } = resolveSituation(packedFacts(manifest));
  const first = `first   about ${situation.coldMs} ms to the first answer on one vCPU, then ${situation.warmMs} ms (estimated by engine and size)`;
  if (target === 'container') {
    return [first];
  }
  const isLambda = target === 'aws-lambda';
  const usd = isLambda
    ? lambdaUsd(situation, architecture === 'x64' ? 'x64' : 'arm64')
    : googleUsd(situation);
  if (usd === null) {
    return [first];
  }
  const memory = isLambda ? ` with ${memoryFor(manifest)} MB` : '';
  return [
    first,
    `cost    about $${usd < 0.1 ? usd.toPrecision(1) : usd.toFixed(2)} a month for ${groupDigits(defaults.requestsPerMonth)} requests${memory} (at list prices, from these times)`,
  ];
}

function remarksOn({ rows, golden, signature }: Manifest): string[] {
  return [
    ...(rows.independent || !takesBatches(signature)
      ? []
      : [`Each record runs alone: ${printable(rows.reason)}`]),
    ...(golden.kept ? [] : [`No golden vector: ${printable(golden.reason)}`]),
  ];
}
