import { type FolderRule, rules } from './rules.ts';

const libFolders = rules.map(({ folder }) => folder).filter(folder => folder.startsWith('lib/'));

/** The `overrides` of biome.json: an import that the list does not allow is refused where it is written. */
export function lintOverrides(): object[] {
  return rules.flatMap(rule => {
    const { folder, mayImport } = rule;
    if (mayImport === 'any') {
      return [];
    }
    const types = rule.mayImportTypesOf ?? [];
    const refused = libFolders.filter(other => other !== folder && !mayImport.includes(other));
    const group = [
      ...(folder === 'lib/cdk' ? [] : ['aws-cdk-lib', 'aws-cdk-lib/**', 'constructs']),
      ...refused.map(other => `**/${nameOf(other)}/**`),
      ...types.map(other => `!**/${nameOf(other)}/**/types.ts`),
    ];
    const message = `${folder}/ may import: ${describe(rule)}. The list is test/imports/rules.ts.`;
    const rules = {
      style: { noRestrictedImports: { level: 'error', options: { patterns: [{ group, message }] } } },
    };
    return [{ includes: [`${folder}/**`], linter: { rules } }];
  });
}

/** The table of CONTRIBUTING.md. */
export function contributingTable(): string {
  const rows = rules.map(rule => `| \`${rule.folder}/\` | ${rule.about} | ${describe(rule)} |`);
  return ['| folder | what it is | may import |', '| --- | --- | --- |', ...rows].join('\n');
}

function describe({ mayImport, mayImportTypesOf = [], others }: FolderRule): string {
  if (mayImport === 'any') {
    return 'all of `lib/`';
  }
  const parts = [
    ...mayImport.map(other => `\`${other}\``),
    ...mayImportTypesOf.map(other => `\`types.ts\` files of \`${other}\``),
  ];
  const own = parts.length === 0 ? 'nothing' : parts.join(', ');
  return others === undefined ? own : `${own}; ${others}`;
}

function nameOf(folder: string): string {
  return folder.slice('lib/'.length);
}
