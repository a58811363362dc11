import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { contributingTable, lintOverrides } from './generate.ts';
import { rules, shipping } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Files of the product, with what each imports of it, by paths from the root. */
const files = globSync(['bin/*.ts', 'handlers/**/*.ts', 'lib/**/*.ts'], {
  cwd: root,
  exclude: ['**/node_modules', '**/*.d.ts'],
}).map(path => {
  const file = path.replaceAll('\\', '/');
  const specifiers = read(path).matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)|^import '(\.[^']+)'/gm);
  const imports = [...specifiers].map(match =>
    posix.join(posix.dirname(file), match[1] ?? match[2] ?? match[3]!),
  );
  return { file, folder: folderOf(file), imports };
});

/** `lib/pack` of `lib/pack/fetch/http.ts`, `lib` of `lib/errors.ts`. */
function folderOf(file: string): string {
  const [top, second, third] = file.split('/');
  return top !== 'bin' && third !== undefined ? `${top}/${second}` : top!;
}

test('every folder is in the list, and every entry is a folder', () => {
  const folders = new Set(files.map(({ folder }) => folder).filter(folder => folder !== 'lib'));
  expect(rules.map(({ folder }) => folder).sort()).toEqual([...folders].sort());
});

describe.each(rules)('$folder', ({ folder, mayImport, mayImportTypesOf = [] }) => {
  const imported = files
    .filter(file => file.folder === folder)
    .flatMap(({ file, imports }) => imports.map(path => ({ file, path, of: folderOf(path) })))
    .filter(({ of }) => of !== folder);

  test('imports nothing else', () => {
    const refused = imported.filter(({ path, of }) => {
      const isTypes = mayImportTypesOf.includes(of) && path.endsWith('/types.ts');
      const isLoose = of === 'lib' && !shipping.includes(folder);
      return mayImport !== 'any' && !mayImport.includes(of) && !isTypes && !isLoose;
    });
    expect(refused).toEqual([]);
  });

  test('imports all that it may', () => {
    const allowed = mayImport === 'any' ? [] : [...mayImport, ...mayImportTypesOf];
    expect(allowed.filter(other => !imported.some(({ of }) => of === other))).toEqual([]);
  });
});

test('biome.json and CONTRIBUTING.md say what the list says (node test/imports/write.ts)', () => {
  expect(JSON.parse(read('biome.json')).overrides).toEqual(lintOverrides());
  expect(read('CONTRIBUTING.md')).toContain(`${contributingTable()}\n`);
});

describe('the linter', () => {
  const refused: [file: string, specifier: string, rule: string][] = [
    ['lib/runtime/x.ts', '../pack/plan.ts', 'noRestrictedImports'],
    ['lib/contract/x.ts', '../runtime/errors.ts', 'noRestrictedImports'],
    ['lib/model/press/x.ts', '../../runtime/errors.ts', 'noRestrictedImports'],
    ['lib/gcp/x.ts', '../model/inspect.ts', 'noRestrictedImports'],
    ['lib/pack/x.ts', 'aws-cdk-lib/aws-lambda', 'noRestrictedImports'],
    ['lib/dev/x.ts', './y.ts', 'noImportCycles'],
    ['lib/dev/y.ts', './x.ts', 'noImportCycles'],
  ];
  const allowed: [file: string, specifier: string][] = [
    ['lib/model/x.ts', '../runtime/probe/types.ts'],
    ['lib/cdk/x.ts', 'aws-cdk-lib/aws-lambda'],
    ['lib/cli/x.ts', '../pack/plan.ts'],
  ];
  const found: { file: string; rule: string }[] = [];

  beforeAll(() => {
    const dir = mkdtempSync(join(tmpdir(), 'coldpress-lint-'));
    const config = { ...JSON.parse(read('biome.json')), vcs: { enabled: false } };
    writeFileSync(join(dir, 'biome.json'), JSON.stringify(config));
    for (const [file, specifier] of [...refused, ...allowed]) {
      mkdirSync(join(dir, dirname(file)), { recursive: true });
      writeFileSync(join(dir, file), `import type { X } from '${specifier}';\n\nexport type Y = X;\n`);
    }
    const biome = join(root, 'node_modules/.bin/biome');
    const { stdout } = spawnSync(biome, ['lint', '--reporter=json'], { cwd: dir, encoding: 'utf8' });
    for (const { category, location } of JSON.parse(stdout).diagnostics) {
      found.push({ file: location.path, rule: category.split('/').at(-1) });
    }
    rmSync(dir, { recursive: true });
  });

  test.each(refused)('%s: refuses %s (%s)', (file, _, rule) => {
    expect(found).toContainEqual({ file, rule });
  });

  test.each(allowed)('%s: takes %s', file => {
    expect(found.filter(other => other.file === file)).toEqual([]);
  });
});
