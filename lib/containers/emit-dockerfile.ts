import { FUNCTION_FOLDER } from '../contract/files.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { type Part, partOf, parts } from '../targets/container/part.ts';
import type { EmitPlan } from './plan.ts';
import { nodeImage, serverPort } from './server.ts';

const workDir = '/app';

/**
 * A Dockerfile whose context is the artifact's folder, with a layer for each part, ordered by how often they change.
 */
export function dockerfile({ manifest, platform }: EmitPlan): string {
  const { name, versions, model, handler } = manifest;
  const from = platform === undefined ? '' : `--platform=${platform} `;
  const paths = [...manifest.files.map(({ path }) => path), MANIFEST_FILE];
  const labels = {
    'org.opencontainers.image.title': name,
    'org.opencontainers.image.version': model.sha256.slice(0, 12),
    // Lets SageMaker run it next to other containers.
    'com.amazonaws.sagemaker.capabilities.accept-bind-to-port': 'true',
  };
  return [
    `FROM ${from}${nodeImage(versions.node)}`,
    `WORKDIR ${workDir}`,
    'ENV NODE_ENV=production',
    ...Object.entries(labels).map(([label, value]) => `LABEL ${label}=${JSON.stringify(value)}`),
    ...parts.flatMap(part => copyPart(part, paths)),
    `EXPOSE ${serverPort}`,
    `ENTRYPOINT ${JSON.stringify(['node', `${workDir}/${handler}`])}`,
    '',
  ].join('\n');
}

/** In JSON form, because names may contain spaces. */
function copyPart(part: Part, paths: string[]): string[] {
  const own = paths.filter(path => partOf(path) === part).sort();
  const files = own.filter(path => !path.includes('/'));
  const folders = [...new Set(own.flatMap(path => path.match(/^[^/]+(?=\/)/)?.[0] ?? []))];
  const from = (name: string) => `${FUNCTION_FOLDER}/${name}`;
  return [
    ...folders.map(folder => `COPY ${JSON.stringify([from(folder), `./${folder}/`])}`),
    ...(files.length === 0 ? [] : [`COPY ${JSON.stringify([...files.map(from), './'])}`]),
  ];
}
