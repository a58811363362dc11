import type { Project } from '../project.ts';

const triggerFlag = {
  http: "'http'",
  pubsub: `\`pubsub:\${process.env.TOPIC ?? 'records'}\``,
  gcs: `\`gcs:\${process.env.BUCKET ?? 'records'}\``,
} as const;

/** `bin/deploy.ts`: staging is called by HTTP whatever the trigger, so that the golden vector can be replayed. */
export function deployGoogle({ name, trigger }: Project): string {
  return `import { execFileSync } from 'node:child_process';

/** node bin/deploy.ts staging|production; GOOGLE_PROJECT and GOOGLE_REGION say where to. */
const stage = process.argv[2] ?? 'staging';
const project = process.env.GOOGLE_PROJECT ?? '';
const region = process.env.GOOGLE_REGION ?? 'europe-west1';
const trigger = stage === 'staging' ? 'http' : ${triggerFlag[trigger as keyof typeof triggerFlag]};
const place = ['--project', project, '--region', region, '--name', \`${functionName(name)}-\${stage}\`];
execFileSync('npx', ['coldpress', 'deploy', 'build', ...place, '--trigger', trigger], { stdio: 'inherit' });
`;
}

/** `bin/replay.ts`: asks staging what it was asked when it was packed. */
export function replayGoogle({ name }: Project): string {
  return `import { GoogleAuth } from 'google-auth-library';
import { checkAnswer, golden } from '../test/golden.ts';

/** node bin/replay.ts URL: the function's, as \`npm run deploy\` printed it. */
const url = process.argv[2] ?? '';
const client = await new GoogleAuth().getIdTokenClient(url);
const { data } = await client.request<Parameters<typeof checkAnswer>[0]>({
  url: \`\${url.replace(/\\/$/, '')}/v2/models/${name}/infer\`,
  method: 'POST',
  data: golden.request,
});
checkAnswer(data);
console.log(\`\${url} answers its golden vector\`);
`;
}

/** Google takes lower-case letters, digits and hyphens. */
export function functionName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^[^a-z]+/, 'model-');
}
