import type { Project } from '../project.ts';

const wiring = {
  http: {
    imports: ['FunctionUrlTrigger', 'OnnxFunction'],
    body: `const { url } = new FunctionUrlTrigger(fn, 'Http');
  new CfnOutput(stack, 'Url', { value: url });`,
  },
  sqs: {
    imports: ['OnnxFunction', 'QueueTrigger'],
    body: `const { queue } = new QueueTrigger(fn, 'Queue', { maxConcurrency: 10 });
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });`,
  },
  s3: {
    imports: ['BucketTrigger', 'OnnxFunction'],
    body: `const { bucket } = new BucketTrigger(fn, 'Objects', { prefix: 'incoming/', suffix: '.csv' });
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });`,
  },
  schedule: {
    imports: ['OnnxFunction', 'ScheduleTrigger'],
    body: `new ScheduleTrigger(fn, 'Schedule', { schedule: Schedule.rate(Duration.hours(1)) });`,
  },
} as const;

/** `bin/app.ts`: a staging and a production stack for the same artifact. */
export function cdkApp({ name, trigger }: Project): string {
  const { imports, body } = wiring[trigger as keyof typeof wiring];
  const isScheduled = trigger === 'schedule';
  const core = isScheduled ? 'App, Duration, Stack' : 'App, CfnOutput, Stack';
  const events = isScheduled ? "import { Schedule } from 'aws-cdk-lib/aws-events';\n" : '';
  return `import { ${core} } from 'aws-cdk-lib';
${events}import { ${imports.join(', ')} } from 'coldpress/cdk';

const app = new App();

for (const stage of ['staging', 'production']) {
  const stack = new Stack(app, \`${stackName(name)}-\${stage}\`);
  const functionName = \`${name.replaceAll('.', '-')}-\${stage}\`;
  // Both stages deploy the artifact that \`coldpress pack\` wrote and \`npm test\` tested.
  const fn = new OnnxFunction(stack, 'Model', { artifact: 'build', functionName });
  ${body}
}
`;
}

export function stackName(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, '-').replace(/^[^A-Za-z]+/, 'model-');
}

/** The command that deploys a stack. */
export function deployCommand({ name, hasOtherApp }: Project, stage: string): string {
  return `npx cdk deploy ${hasOtherApp === true ? `--app "${appCommand}" ` : ''}${stackName(name)}-${stage}`;
}

/** Runs the CDK app. */
export const appCommand = 'node bin/app.ts';

export function cdkJson(): string {
  return `{\n  "app": "${appCommand}",\n  "versionReporting": false\n}\n`;
}

/** `bin/replay.ts`: sends a deployed function the records that it was tested with. */
export function replayAws({ name }: Project): string {
  return `import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { checkResults, noRecords, records } from '../test/samples.ts';

/** node bin/replay.ts staging */
if (records.length === 0) {
  throw new Error(noRecords);
}
const stage = process.argv[2] ?? 'staging';
const name = \`${name.replaceAll('.', '-')}-\${stage}\`;
const args = ['coldpress', 'invoke', '--aws', name, '--record', '-', '--json'];
const { stdout, stderr } = spawnSync('npx', args, {
  input: JSON.stringify(records),
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
  shell: process.platform === 'win32',
});
assert.notEqual(stdout, '', stderr);
const { statusCode, answer } = JSON.parse(stdout);
assert.equal(statusCode, 200, JSON.stringify(answer));
checkResults(answer);
console.log(\`\${name} returned the expected results for all samples\`);
`;
}
