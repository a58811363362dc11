import type { Project } from '../project.ts';

/** The variable that determines where events come from, and its value if it is not set. */
const destinations = {
  pubsub: { variable: 'TOPIC', otherwise: 'records' },
  gcs: { variable: 'BUCKET', otherwise: 'records' },
} as const;

/** The environment variable with the topic or the bucket of a trigger. */
export function destinationVariable(trigger: Project['trigger']): string | undefined {
  return destinationOf(trigger)?.variable;
}

function destinationOf(trigger: Project['trigger']) {
  return trigger === 'pubsub' || trigger === 'gcs' ? destinations[trigger] : undefined;
}

/**
 * `bin/deploy.ts`, in two steps, so that the samples are scored where the function will run before the release: an HTTP
 * function gets a revision without traffic for this, an event function a separate HTTP function.
 */
export function deployGoogle({ name, trigger }: Project): string {
  const destination = destinationOf(trigger);
  const steps = destination === undefined ? httpSteps : eventSteps(trigger, destination);
  return `import { execFileSync } from 'node:child_process';

/**
${steps.help}
 *
 * GOOGLE_PROJECT and GOOGLE_REGION set the place. Further options are passed to \`coldpress deploy\` and \`promote\`.
 */
const [step, stage = 'staging', ...flags] = process.argv.slice(2);
const name = \`${functionName(name)}-\${stage}\`;
const project = process.env.GOOGLE_PROJECT;
const region = process.env.GOOGLE_REGION || 'europe-west1';
if (!project || (step !== 'candidate' && step !== 'release')) {
  throw new Error('GOOGLE_PROJECT=my-project node bin/deploy.ts candidate|release staging|production');
}
const place = ['--project', project, '--region', region, ...flags];

if (step === 'candidate') {
${steps.candidate}
} else {
${steps.release}
}

function coldpress(...args: string[]): string {
  return execFileSync('npx', ['coldpress', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
}
`;
}

const httpSteps = {
  help: ` * node bin/deploy.ts candidate staging   creates a revision without traffic, and prints its URL
 * node bin/deploy.ts release staging     sends all traffic to it`,
  candidate: `  const untouched = ['--no-traffic', '--tag', 'candidate'];
  const deployed = JSON.parse(coldpress('deploy', 'build', '--name', name, ...untouched, ...place, '--json'));
  console.log(\`url=\${deployed.tagUrl}\\naudience=\${deployed.url}\`);`,
  release: "  console.log(coldpress('promote', name, '--tag', 'candidate', ...place));",
};

function eventSteps(trigger: string, { variable, otherwise }: { variable: string; otherwise: string }) {
  return {
    help: ` * node bin/deploy.ts candidate staging   creates the same function for HTTP, and prints its URL:
 *                                        a function for events returns nothing to test
 * node bin/deploy.ts release staging     creates the function that receives the events`,
    candidate: `  const checkName = \`\${name}-check\`;
  const deployed = JSON.parse(coldpress('deploy', 'build', '--name', checkName, ...place, '--json'));
  console.log(\`url=\${deployed.url}\\naudience=\${deployed.url}\`);`,
    release: `  const trigger = \`${trigger}:\${process.env.${variable} || '${otherwise}'}\`;
  console.log(coldpress('deploy', 'build', '--name', name, '--trigger', trigger, ...place));`,
  };
}

/** `bin/replay.ts`: sends an HTTP function the records that it was tested with. */
export function replayGoogle(): string {
  return `import assert from 'node:assert/strict';
import { GoogleAuth } from 'google-auth-library';
import { checkResults, noRecords, records } from '../test/samples.ts';

/**
 * node bin/replay.ts URL [AUDIENCE]: what bin/deploy.ts printed, or the address of \`coldpress serve\`.
 * ID_TOKEN is the caller's token (default: one from the application default credentials).
 */
const [url = '', audience = url] = process.argv.slice(2);
if (records.length === 0) {
  throw new Error(noRecords);
}
const token = process.env.ID_TOKEN || (url.startsWith('https:') ? await identityToken() : '');
const response = await fetch(\`\${url.replace(/\\/$/, '')}/\`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(token && { authorization: \`Bearer \${token}\` }) },
  body: JSON.stringify(records),
});
const text = await response.text();
assert.equal(response.status, 200, text);
checkResults(JSON.parse(text));
console.log(\`\${url} returned the expected results for all samples\`);

async function identityToken(): Promise<string> {
  const client = await new GoogleAuth().getIdTokenClient(audience);
  return client.idTokenProvider.fetchIdToken(audience);
}
`;
}

/** Lower-case letters, digits and hyphens, with room for `-production-check` within Google's 49 characters. */
export function functionName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^[^a-z]+/, 'model-')
    .slice(0, 32)
    .replace(/-+$/, '');
}
