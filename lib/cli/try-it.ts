import { firstSample } from '../local/samples.ts';
import { quote } from '../shell-command.ts';

/** Longest command that fits into a terminal's window. */
const shownCharacters = 400;

/** A command that sends the first sample of the artifact in `dir` to its function at `url`. */
export async function tryIt(dir: string, url: string): Promise<string> {
  const sample = await firstSample(dir);
  if (sample === undefined) {
    return `curl ${url}/v2`;
  }
  const record = JSON.stringify(sample.record);
  return record.length <= shownCharacters
    ? `curl ${url} --json ${quote(record)}`
    : `npx coldpress invoke ${quote(dir)} --sample record --print | curl ${url} --json @-`;
}
