import { counted, groupDigits } from '../counted.ts';
import type { RecordFailure } from '../local/score-records.ts';
import { printable } from '../printable.ts';
import { quote } from '../shell-command.ts';
import type { PackResult } from './pack-options.ts';
import { describeFailure, type ScoreResult } from './run-score.ts';

/** What packing found out about a model, in sentences for people. Plain data. */
export interface PackReport {
  /** The rows that agree with the expected answers, or why there are none. */
  proof: string;
  /** The engine, and why it was chosen. */
  engine: string;
  /** How the score answered. Absent without a score. */
  score?: string;
}

/** @param folder - the artifact, for the commands that a sentence names */
export function reportOf(result: PackResult, folder: string): PackReport {
  return {
    proof: describeProof(result),
    engine: describeEngine(result),
    ...(result.score !== undefined && { score: describeScore(result.score, folder) }),
  };
}

function describeProof({ samples, reference, unanswered }: PackResult): string {
  if (samples !== undefined) {
    const { rows, worstDistance, mislabelled } = samples.agreement;
    const worst =
      worstDistance === 0 ? 'without a difference' : `worst difference ${worstDistance.toPrecision(2)}`;
    const labels = mislabelled === null ? '' : ', all labels equal';
    return `${counted(rows, 'sample')} of ${printable(samples.path)} ${rows === 1 ? 'agrees' : 'agree'}, ${worst}${labels}`;
  }
  const noSamples = 'there are no samples with expected answers: see docs/samples.md';
  if (unanswered !== undefined) {
    return `none: ${printable(unanswered)}`;
  }
  return reference === undefined ? noSamples : `all answers agree with ONNX Runtime; ${noSamples}`;
}

function describeScore(score: ScoreResult, folder: string): string {
  if (!score.ran) {
    return `not run: ${printable(score.reason)}; try it: npx coldpress invoke ${quote(folder)}`;
  }
  const { origin, records, answered, failure, together, isConstant, startFailed } = score;
  const isSamples = origin === 'samples';
  const requests = isSamples ? counted(records, 'sample') : 'the golden vector';
  if (failure === undefined) {
    const constant = isConstant ? ', all with the same result' : '';
    return `answered ${requests}${constant}${together ? `; ${describeTogether(together)}` : ''}`;
  }
  const reason = printable(describeFailure(isSamples ? failure : { ...failure, record: undefined }));
  if (startFailed) {
    return `the function does not start; ${reason}; if it needs environment variables, pass them: npx coldpress invoke ${quote(folder)} --env NAME=value`;
  }
  return answered > 0
    ? [`answered ${groupDigits(answered)} of ${requests}`, reason, together && describeTogether(together)]
        .filter(Boolean)
        .join('; ')
    : `did not answer ${requests}; ${reason}; if it expects other records, pass one: npx coldpress invoke ${quote(folder)} --record record.json`;
}

function describeTogether(together: RecordFailure): string {
  return `fails for several records at once, so batches take many runs: ${printable(describeFailure(together))}`;
}

function describeEngine({
  manifest: { engine, proof },
  unanswered,
  notCompiled,
  refused,
}: PackResult): string {
  const proven = proof === undefined ? '' : `, proven by ${counted(proof.rows, 'sample')}`;
  const reason =
    (unanswered === undefined
      ? notCompiled
      : 'without an answer of the model, no other engine can be proven') ??
    refused ??
    (engine.name === 'compiled' ? 'plain JavaScript, no native library' : undefined);
  return `${engine.name}${proven}${reason === undefined ? '' : `: ${printable(reason)}`}`;
}
