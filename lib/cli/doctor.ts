import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Command } from 'commander';
import { type Diagnosis, diagnose, diagnosePasted } from '../doctor/diagnose.ts';
import { formatDiagnosis } from '../doctor/format.ts';
import { packageDir } from '../doctor/own-codes.ts';
import { readText } from '../doctor/read-text.ts';
import { type DeployedFlags, resolveDeployed, withDeployedFlags } from './deployed-flags.ts';
import { withProgress } from './progress.ts';

const example = `
Example:
  $ coldpress doctor
  $ coldpress doctor build
  $ coldpress doctor model.onnx
  $ coldpress doctor 'Error: libonnxruntime.so.1: cannot open shared object file'
  $ aws logs tail /aws/lambda/my-function | coldpress doctor -
  $ coldpress doctor build --aws churn:live
  $ coldpress doctor build --gcf churn --project my-project --region europe-west1
  $ coldpress doctor build --cloud-run churn --project my-project --region europe-west1

Exits with 3 if it found a problem, otherwise with 0. --aws needs @aws-sdk/client-lambda, --gcf needs
@google-cloud/functions, --cloud-run needs @google-cloud/run, each with credentials as for the platform's CLI.`;

/** `coldpress doctor [WHAT]`: recognises failures and explains how to fix them. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('diagnose a project, an artifact or a model, or explain an error message')
    .argument(
      '[what...]',
      'folder, model, file, or the text of an error or log; - reads stdin (default: the current folder)',
    );
  return withDeployedFlags(command)
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(async (what: string[], { json, ...flags }: DeployedFlags & { json?: true }) => {
      const place = resolveDeployed(flags);
      const subject = what.length === 0 ? '.' : what.join(' ');
      const options = { cwd: process.cwd(), today: new Date() };
      const diagnosis: Diagnosis = await withProgress(async onProgress => {
        onProgress('looking');
        if (place !== undefined) {
          const { diagnoseDeployed } = await import('../doctor/deployed/diagnose-deployed.ts');
          return diagnoseDeployed(what.length === 0 ? 'build' : subject, place, {
            ...options,
            env: process.env,
          });
        }
        return subject === '-'
          ? diagnosePasted(readText(await buffer(process.stdin), 'stdin'))
          : diagnose(subject, options);
      });
      const colors = process.stdout.isTTY === true;
      const findings = diagnosis.findings.map(finding => ({ ...finding, link: fromHere(finding.link) }));
      process.stdout.write(
        json ? `${JSON.stringify(diagnosis)}\n` : formatDiagnosis({ ...diagnosis, findings }, colors),
      );
      process.exitCode = diagnosis.findings.length === 0 ? 0 : 3;
    });
}

/** The path of a page of docs/ in the package, relative to the current folder. */
function fromHere(link: string): string {
  return link.startsWith('docs/') ? join(relative(process.cwd(), packageDir), link) : link;
}
