import type { Project } from '../project.ts';
import { stackName } from './aws.ts';

/** The project's own README. */
export function readme(project: Project): string {
  const { name, model, target } = project;
  const inputs = project.signature.inputs.map(spec => `\`${spec.name}\``).join(', ');
  return `# ${name}

\`${model}\` as a function on ${target === 'aws' ? 'AWS Lambda' : 'Google Cloud'}, packed by coldpress. It takes ${inputs}.

\`\`\`sh
npm install
npm test             # packs the model; the packed function must answer its golden vector
npx coldpress dev    # serves it, and packs again when a file changes
\`\`\`

\`http://127.0.0.1:9000/_coldpress/\` has a form to try it.

| file | what it is |
| --- | --- |
| \`coldpress.config.ts\` | what is packed, for where |
| \`score.ts\` | how records become tensors, and outputs results |
| \`${model}.d.ts\` | the model's inputs and outputs as types; \`npx coldpress types\` writes it |
| \`test/\` | the packed function against the answer that was proven when it was packed |
${target === 'aws' ? '| `bin/app.ts` | the CDK app: a stack for staging, one for production |' : '| `bin/deploy.ts` | puts the function in place |'}
| \`bin/replay.ts\` | asks the deployed function its golden vector |
| \`.github/workflows/model.yml\` | builds once, and takes the same artifact to staging and production |

## Deploy

${target === 'aws' ? deployAws(project) : deployGoogle()}

The workflow keeps no key. It needs two environments on GitHub, \`staging\` and \`production\`, with these variables each:
${target === 'aws' ? '`AWS_ROLE`, a role that trusts GitHub’s OIDC provider, and `AWS_REGION`' : '`GOOGLE_PROJECT`, `GOOGLE_REGION`, `GOOGLE_WORKLOAD_IDENTITY_PROVIDER` and `GOOGLE_SERVICE_ACCOUNT`'}.
`;
}

function deployAws({ name }: Project): string {
  return `\`\`\`sh
npx cdk deploy ${stackName(name)}-staging
node bin/replay.ts staging
\`\`\``;
}

function deployGoogle(): string {
  return `\`\`\`sh
GOOGLE_PROJECT=my-project GOOGLE_REGION=europe-west1 node bin/deploy.ts staging
\`\`\``;
}
