import { literal } from '../../model/declarations/literals.ts';
import { printable } from '../../printable.ts';
import { quote } from '../../shell-command.ts';
import { readmeMark } from '../adapt.ts';
import type { Project } from '../project.ts';
import { deployCommand } from './aws.ts';
import { imageName } from './container.ts';
import { destinationVariable, functionName } from './google.ts';
import { sampleRecord } from './sample-record.ts';

/** A name or path between backticks, which it may itself contain. */
function inlineCode(name: string): string {
  const fence = '`'.repeat(1 + Math.max(0, ...(name.match(/`+/g) ?? []).map(run => run.length)));
  const pad = name.includes('`') ? ' ' : '';
  return `${fence}${pad}${printable(name)}${pad}${fence}`;
}

const places = {
  'aws-lambda': 'a function on AWS Lambda',
  gcf: 'a function on Google Cloud',
  container: 'a server in a container',
} as const satisfies Record<Project['target'], string>;

/** The names of scripts. */
export interface Names {
  test: string;
}

/** Rows of the table of files. */
const deployRows = {
  'aws-lambda': '| `bin/app.ts` | the CDK app: a stack for staging, one for production |\n',
  gcf: '| `bin/deploy.ts` | deploys the function in two steps: candidate, release |\n',
  container: '',
} as const satisfies Record<Project['target'], string>;

/**
 * The project's README.
 * @param names - the names of its scripts
 */
export function readme(project: Project, names: Names = { test: 'test' }): string {
  const { name, model, target } = project;
  const score = project.hasScore
    ? '| `score.ts` | turns records into tensors, and outputs into results |\n'
    : '';
  const withoutScore = project.hasScore
    ? ''
    : `
To use other names in records and results, write a score: \`npx coldpress init --score\`.`;
  return `# ${name}

${inlineCode(model)} as ${places[target]}, ${readmeMark}. ${fields(project)}${withoutScore}

\`\`\`sh
npm install
${`npm ${names.test === 'test' ? 'test' : `run ${names.test}`}`.padEnd(20)} # packs the model, and sends the samples to the packed function
npx coldpress dev    # serves the function, and packs it again when a file changes
npx coldpress invoke # scores the first sample with a cold start
\`\`\`

\`http://127.0.0.1:9000/_coldpress/\` has a form to try it. ${request(project)}

| file | what it is |
| --- | --- |
| \`coldpress.config.ts\` | what to pack, and for which platform |
${score}| ${inlineCode(`${model}.d.ts`).replaceAll('|', '\\|')} | the model's inputs and outputs as types; \`npx coldpress types\` writes it |
| \`test/\` | sends the samples to the packed function, and compares the results |
${deployRows[target]}| \`bin/replay.ts\` | sends the samples to the deployed function, and compares the results |
| \`.github/workflows/model.yml\` | builds and tests the artifact, then deploys the same files |

${target === 'container' ? deployContainer(project) : deployFunction(project)}

You can change the benchmark with two repository variables: \`BENCH_SAMPLES\` (default: 30 cold starts) and \`BENCH_FAIL_ABOVE\` (default: 10%).
`;
}

const listedFields = 12;

/** A record has a field for each column of the samples; with a score, it has what the score accepts. */
function fields({ signature, features, record, hasScore }: Project): string {
  const inputs = signature.inputs.map(spec => spec.name);
  const names = hasScore ? inputs : record === undefined ? (features ?? inputs) : Object.keys(record);
  const listed = names.slice(0, listedFields).map(inlineCode).join(', ');
  const more = names.length > listedFields ? ` and ${names.length - listedFields} more` : '';
  return `${hasScore ? 'Inputs of the model' : 'Fields of a record'}: ${listed}${more}.`;
}

function deployFunction(project: Project): string {
  return `## Deploy

${project.target === 'aws-lambda' ? deployAws(project) : deployGoogle(project)}

## The workflow

On a pull request, the workflow builds and tests the function, and compares its cold start with that of the target branch. The
pull request fails if it is more than 10% slower. On a push to \`main\`, the workflow deploys the tested artifact to staging and
sends it the samples. If the answers are right, it deploys the same artifact to production, and sends it the samples too. Commit \`package-lock.json\`: \`npm ci\` needs it.

No keys are stored. Create two environments in the settings of the GitHub repository, \`staging\` and \`production\`, each with these variables:

${project.target === 'aws-lambda' ? variablesAws : variablesGoogle(project)}`;
}

function deployContainer({ name }: Project): string {
  return `## Deploy

\`\`\`sh
npm run image        # writes a Dockerfile and builds the image
docker run --rm --publish 8080:8080 ${imageName(name)}
node bin/replay.ts http://127.0.0.1:8080
\`\`\`

Without Docker: \`npx coldpress fetch --base\` once, then \`npx coldpress image build --tag REGISTRY/NAME:TAG --push\`.

The same image runs on Cloud Run, SageMaker, Vertex AI, Azure ML and Kubernetes; coldpress's docs/containers.md has the commands for
each.

## The workflow

On a pull request, the workflow builds and tests the function, and compares its cold start with that of the target branch. The
pull request fails if it is more than 10% slower. On a push to \`main\`, the workflow builds an image of the tested artifact and
sends it the samples. If the answers are right, it pushes the image to \`ghcr.io\`, named after the repository and the commit. Commit \`package-lock.json\`: \`npm ci\` needs it.`;
}

/** A command line has room for a short record; a longer one is left to the form. */
function request(project: Project): string {
  const record = sampleRecord(project);
  return record === undefined
    ? ''
    : `In another terminal:

\`\`\`sh
curl -s localhost:9000 --json ${quote(printable(JSON.stringify(record)))}
\`\`\``;
}

function deployAws(project: Project): string {
  return `${project.hasOtherApp === true ? otherApp(project) : ''}\`\`\`sh
npx cdk bootstrap    # once for each account and region
${deployCommand(project, 'staging')}
node bin/replay.ts staging
\`\`\``;
}

/** For a folder with a CDK app: how its own stacks get the function. */
function otherApp({ name }: Project): string {
  return `Your own CDK app is unchanged. To add the function to one of its stacks:

\`\`\`ts
import { OnnxFunction } from 'coldpress/cdk';

new OnnxFunction(this, ${literal(name)}, { config: 'coldpress.config.ts' });
\`\`\`

Or deploy the app in \`bin/app.ts\`, which has a stack for staging and one for production:

`;
}

const variablesAws = `| variable | what it is |
| --- | --- |
| \`AWS_ROLE\` | a role that trusts GitHub's OIDC provider, and may assume the roles \`cdk-*\` and \`lambda:InvokeFunction\` |
| \`AWS_REGION\` | the region to deploy to |`;

function deployGoogle({ name, trigger }: Project): string {
  const candidate =
    trigger === 'http'
      ? `The candidate is a revision with its own URL. It receives no traffic, unless it is the first revision. The samples are
sent to it before it is released. \`npx coldpress rollback ${functionName(name)}-production\` returns to the previous revision.`
      : `A function for events returns nothing, so its answers cannot be tested. Instead, the candidate is
tested: the same artifact as a private HTTP function next to it, in the same project and region, which costs nothing
while nobody calls it. Then the event function is created or updated; Google considers it deployed once it has
started.`;
  return `\`\`\`sh
export GOOGLE_PROJECT=my-project GOOGLE_REGION=europe-west1
node bin/deploy.ts candidate staging    # prints its URL, and the audience for a caller's token
ID_TOKEN=$(gcloud auth print-identity-token) node bin/replay.ts URL
node bin/deploy.ts release staging
\`\`\`

${candidate}`;
}

function variablesGoogle({ trigger }: Project): string {
  const destination = destinationVariable(trigger);
  return [
    '| variable | what it is |',
    '| --- | --- |',
    '| `GOOGLE_PROJECT`, `GOOGLE_REGION` | the project and region to deploy to |',
    '| `GOOGLE_WORKLOAD_IDENTITY_PROVIDER` | the provider that trusts GitHub, `projects/…/providers/…` |',
    '| `GOOGLE_SERVICE_ACCOUNT` | the account that deploys; it needs `roles/run.invoker` for the test requests |',
    ...(destination === undefined
      ? []
      : [`| \`${destination}\` | the ${destination.toLowerCase()} whose events are scored |`]),
  ].join('\n');
}
