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

/** `bin/app.ts`: a stack for staging and one for production, of the same artifact. */
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
  // What \`coldpress pack\` wrote, and \`npm test\` tried: both stages get these very bytes.
  const fn = new OnnxFunction(stack, 'Model', { artifact: 'build', functionName });
  ${body}
}
`;
}

export function stackName(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, '-').replace(/^[^A-Za-z]+/, 'model-');
}

export function cdkJson(): string {
  return '{\n  "app": "node bin/app.ts",\n  "versionReporting": false\n}\n';
}

/** `bin/replay.ts`: asks a function that is deployed what it was asked when it was packed. */
export function replayAws({ name }: Project): string {
  return `import { execFileSync } from 'node:child_process';
import { checkAnswer, golden, noGolden } from '../test/golden.ts';

/** node bin/replay.ts staging */
if (golden === undefined) {
  throw new Error(noGolden);
}
const stage = process.argv[2] ?? 'staging';
const name = \`${name.replaceAll('.', '-')}-\${stage}\`;
const printed = execFileSync('npx', ['coldpress', 'invoke', '--aws', name, '--input', '-', '--json'], {
  input: JSON.stringify(golden.request),
  encoding: 'utf8',
});
checkAnswer(JSON.parse(printed).answer, golden);
console.log(\`\${name} answers its golden vector\`);
`;
}
