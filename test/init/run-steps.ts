import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A workflow of GitHub's, of which this runs the steps that are scripts. */
export interface Workflow {
  jobs: Record<string, { steps: Step[] }>;
}

export interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string | number>;
}

/** What expressions name: `github.base_ref`, `vars.TOPIC`, `steps.hash.outputs.sha256`. */
export type Contexts = Record<string, string>;

export interface Ran {
  code: number;
  /** Of stdout and stderr. */
  printed: string;
  /** What the step wrote to GITHUB_OUTPUT. */
  outputs: Record<string, string>;
}

export function readWorkflow(cwd: string): Workflow {
  return parse(readFileSync(join(cwd, '.github/workflows/model.yml'), 'utf8'));
}

/** The step of a job by its id, its name or its script. */
export function stepOf(workflow: Workflow, job: string, wanted: string): Step {
  const step = workflow.jobs[job]!.steps.find(({ id, name, run }) => [id, name, run].includes(wanted));
  if (step?.run === undefined) {
    throw new Error(`${job} has no script ${wanted}`);
  }
  return step;
}

/** Runs a step's script as GitHub's runner does on Linux where a step names no shell: `bash -e FILE`. */
export function runStep(
  { run = '', env = {} }: Step,
  { cwd, env: outer, contexts }: { cwd: string; env: NodeJS.ProcessEnv; contexts: Contexts },
): Promise<Ran> {
  const temp = mkdtempSync(join(outer.RUNNER_TEMP ?? tmpdir(), 'step-'));
  const script = join(temp, 'script.sh');
  const output = join(temp, 'output');
  writeFileSync(script, fill(run, contexts));
  writeFileSync(output, '');
  const own = Object.entries(env).map(([name, value]) => [name, fill(String(value), contexts)]);
  const variables = { ...outer, ...Object.fromEntries(own), GITHUB_OUTPUT: output, CI: 'true' };
  return new Promise(resolve => {
    const options = { cwd, env: variables, maxBuffer: 2 ** 26 };
    const child = execFile('bash', ['-e', script], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, printed: stdout + stderr, outputs: readOutputs(output) });
    });
    child.stdin?.end();
  });
}

/** Evaluates `${{ a.b || 'text' }}`: the first that is not empty. */
function fill(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const values = expression.split('||').map(part => part.trim());
    return (
      values.map(value => /^'(.*)'$/.exec(value)?.[1] ?? contexts[value] ?? digits(value)).find(Boolean) ?? ''
    );
  });
}

function digits(value: string): string {
  return /^\d+$/.test(value) ? value : '';
}

function readOutputs(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
