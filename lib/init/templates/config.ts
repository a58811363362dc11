import { defaultObjects } from '../../contract/defaults.ts';
import { literal } from '../../model/declarations/literals.ts';
import type { Project } from '../project.ts';

/** `coldpress.config.ts`. */
export function config({ name, model, samples, hasScore, target, trigger }: Project): string {
  const lines = [
    `name: ${literal(name)},`,
    `model: ${literal(`./${model}`)},`,
    ...(hasScore ? ["score: './score.ts',"] : []),
    ...(samples === undefined ? [] : [`samples: ${literal(`./${samples}`)},`]),
    ...(target === 'aws-lambda' ? [] : [`target: '${target}',`]),
    ...(trigger === 's3' || trigger === 'gcs'
      ? [`events: { objects: { store: '${trigger}', prefix: ${literal(defaultObjects.prefix)} } },`]
      : []),
    ...(trigger === 'http' ? [] : ["sinks: { results: { type: 'log' } },"]),
  ];
  return `import { defineConfig } from 'coldpress';

export default defineConfig({
${lines.map(line => `  ${line}`).join('\n')}
});
`;
}
