import type { Project } from '../project.ts';
import { appCommand } from './aws.ts';
import { imageScript } from './container.ts';

/**
 * The exact versions that this release of coldpress is tested with: packages that are published later do not change
 * what `init` writes. The lock file of the first install pins their dependencies.
 */
const versions = {
  '@aws-sdk/client-lambda': '3.1162.0',
  '@aws-sdk/client-s3': '3.1169.0',
  '@google-cloud/functions': '5.1.0',
  '@google-cloud/run': '4.2.0',
  '@types/node': '24.19.2',
  'aws-cdk': '2.1148.1',
  'aws-cdk-lib': '2.276.0',
  constructs: '10.8.1',
  'google-auth-library': '11.3.4',
  hyparquet: '1.31.5',
  typescript: '7.0.2',
  valibot: '1.5.0',
} as const;

type Package = keyof typeof versions;

// Tests use Node's own test runner: fewer packages to install, and none that can break the project.
const common: readonly Package[] = ['@types/node', 'typescript'];

const byTarget: Record<Project['target'], readonly Package[]> = {
  'aws-lambda': ['@aws-sdk/client-lambda', 'aws-cdk', 'aws-cdk-lib', 'constructs'],
  gcf: ['@google-cloud/functions', '@google-cloud/run', 'google-auth-library'],
  container: [],
};

/** The packages that `coldpress pack` bundles for a trigger and that coldpress itself does not include. */
function bundledFor(trigger: Project['trigger']): readonly Package[] {
  switch (trigger) {
    case 's3':
      return ['@aws-sdk/client-s3', 'hyparquet'];
    case 'gcs':
      return ['hyparquet'];
    default:
      return [];
  }
}

/** The script that deploys the function. */
const deployScripts: Record<Project['target'], (project: Project) => Record<string, string>> = {
  'aws-lambda': ({ hasOtherApp }) => ({
    deploy: hasOtherApp === true ? `cdk deploy --app "${appCommand}"` : 'cdk deploy',
  }),
  gcf: () => ({ deploy: 'node bin/deploy.ts' }),
  container: project => ({ image: imageScript(project) }),
};

export const testFile = 'test/model.test.ts';

/** @param tsconfig - the file that configures how this project's sources are compiled */
export function packageJson(project: Project, tsconfig = 'tsconfig.json'): string {
  const { name, target, trigger, version, hasScore } = project;
  const scripts = {
    dev: 'coldpress dev',
    pack: 'coldpress pack',
    pretest: 'coldpress pack',
    test: `node --test ${testFile}`,
    typecheck: tsconfig === 'tsconfig.json' ? 'tsc --noEmit' : `tsc --noEmit --project ${tsconfig}`,
    serve: 'coldpress serve',
    ...deployScripts[target](project),
  };
  const manifest = {
    name: name.toLowerCase().replace(/^[._]+/, ''),
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    scripts,
    dependencies: sorted({
      coldpress: version,
      ...pinned([...bundledFor(trigger), ...(hasScore ? (['valibot'] as const) : [])]),
    }),
    devDependencies: sorted(pinned([...common, ...byTarget[target]])),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function pinned(names: readonly Package[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, versions[name]]));
}

/** Sorts packages in npm's order. */
function sorted(packages: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param hasOthers - whether the folder has sources that another tsconfig.json compiles */
export function tsconfigJson(hasOthers = false): string {
  const sources = hasOthers
    ? ['coldpress.config.*', 'score.*', 'bin/app.*', 'bin/deploy.*', 'bin/replay.*']
    : ['*.ts', '*.mts', 'bin'];
  const include = [...sources, 'test/model.test.*', 'test/samples.*'].map(path => JSON.stringify(path));
  return `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true
  },
  "include": [${include.join(', ')}]
}
`;
}

/** Files to ignore in addition to `build/`, such as credentials that Google's action writes to a workflow's folder. */
const ignored = {
  'aws-lambda': ['cdk.out/'],
  gcf: ['gha-creds-*.json'],
  container: ['Dockerfile'],
} as const satisfies Record<Project['target'], readonly string[]>;

export function gitignore({ target }: Project): string {
  return [
    'node_modules/',
    'build/',
    'build-*/',
    'build.tar',
    'compiled/',
    'report/',
    ...ignored[target],
    '*.key',
    '*.log',
    '',
  ].join('\n');
}
