import type { Project } from '../project.ts';

const common = {
  '@types/node': '^24',
  typescript: '^7.0.2',
  vitest: '^5.1.1',
} as const;

const byTarget = {
  aws: {
    '@aws-sdk/client-lambda': '^3.1162.0',
    'aws-cdk': '2.1148.x',
    'aws-cdk-lib': '^2.276.0',
    constructs: '^10.5.0',
  },
  gcf: {
    '@google-cloud/functions': '^5.1.0',
    '@google-cloud/run': '^4.2.0',
    'google-auth-library': '^11.3.4',
  },
} as const satisfies Record<Project['target'], Record<string, string>>;

/** What `coldpress pack` bundles for a trigger, of packages that coldpress does not bring. */
function bundledFor(trigger: Project['trigger']): Record<string, string> {
  const parquet = { hyparquet: '^1.31.5' };
  switch (trigger) {
    case 's3':
      return { '@aws-sdk/client-s3': '^3.1169.0', ...parquet };
    case 'gcs':
      return parquet;
    default:
      return {};
  }
}

export function packageJson({ name, target, trigger, version }: Project): string {
  const scripts = {
    dev: 'coldpress dev',
    pack: 'coldpress pack',
    pretest: 'coldpress pack',
    test: 'vitest run',
    typecheck: 'tsc --noEmit',
    serve: 'coldpress serve',
    deploy: target === 'aws' ? 'cdk deploy' : 'node bin/deploy.ts',
  };
  const developed = { ...common, ...byTarget[target] };
  const manifest = {
    name: name.toLowerCase().replace(/^[._]+/, ''),
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    scripts,
    dependencies: sorted({ coldpress: `^${version}`, ...bundledFor(trigger), valibot: '^1.5.0' }),
    devDependencies: sorted(developed),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** As npm writes them. */
function sorted(packages: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function tsconfigJson(): string {
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
  "include": ["*.ts", "bin", "test"]
}
`;
}

/** Besides what is made: the file of credentials that Google's action writes into the folder of a workflow. */
export function gitignore({ target }: Project): string {
  const own = target === 'aws' ? ['cdk.out/'] : ['gha-creds-*.json'];
  return ['node_modules/', 'build/', 'build.tar', ...own, '*.log', ''].join('\n');
}
