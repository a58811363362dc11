/** A declaration as TypeDoc's JSON has it; https://typedoc.org/api/modules/JSONOutput.html */
interface Declaration {
  name: string;
  flags: { isOptional?: true };
  comment?: { summary: Part[]; blockTags?: { tag: string; content: Part[] }[] };
  type?: Type;
  children?: Declaration[];
}

interface Part {
  text: string;
}

type Type =
  | { type: 'intrinsic' | 'reference'; name: string; typeArguments?: Type[] }
  | { type: 'literal'; value: unknown }
  | { type: 'array'; elementType: Type }
  | { type: 'union'; types: Type[] }
  | { type: 'reflection'; declaration: Declaration };

const introduction = `# Configuration

\`coldpress.config.ts\` exports the options of a project:

\`\`\`ts
import { defineConfig } from 'coldpress';

export default defineConfig({
  model: './model.onnx',
  samples: './samples.csv',
});
\`\`\`

Every option is optional, and so is the file: \`npx coldpress pack model.onnx\` works without one. The command line's flags come
first. Paths are relative to the config. An unknown option is an error that names the nearest known one.

Where the type is \`Setting\`, the value is a string, or \`{ env: NAME }\`: the function then reads the environment variable when
it starts. A secret is \`{ secretsManager: Setting }\`, \`{ ssm: Setting }\` or \`{ secretManager: Setting }\`.
`;

/** docs/configuration.md, from TypeDoc's description of the project. */
export function configurationPage(project: Declaration): string {
  const sections = configOf(project).children!.map(option => {
    const { name, comment } = option;
    const rows = optionsWithin(option.type!, `${name}.`);
    return [
      `## ${name}`,
      text(comment!.summary),
      `Type: ${code(typeText(option.type!))}. Default: ${defaultOf(option)}.`,
      ...(rows.length === 0 ? [] : [table(rows)]),
      `\`\`\`ts\n${tagOf(option, '@example')}\n\`\`\``,
    ].join('\n\n');
  });
  return `${[introduction.trimEnd(), ...sections].join('\n\n')}\n`;
}

function configOf(project: Declaration): Declaration {
  return project.children!.flatMap(({ children }) => children!).find(({ name }) => name === 'Config')!;
}

interface Row {
  option: string;
  type: string;
  default: string;
  description: string;
}

/** The options inside an option's objects, each by its whole path. */
function optionsWithin(type: Type, above: string): Row[] {
  switch (type.type) {
    case 'array':
      return optionsWithin(type.elementType, above);
    case 'union':
      return isSetting(type)
        ? []
        : [...kindRow(type.types, above), ...type.types.flatMap(item => optionsWithin(item, above))];
    case 'reflection': {
      const options = type.declaration.children ?? [];
      const kind = options.find(({ name }) => name === 'type');
      const of = kind === undefined ? '' : ` (${literalsOf(kind.type!)})`;
      return options
        .filter(option => option !== kind)
        .flatMap((option, index, all) => {
          const row = rowOf(option, above, of);
          const same = all.slice(0, index).find(({ type }) => shape(type!) === shape(option.type!));
          return same !== undefined && row.type === '`object`'
            ? [
                {
                  ...row,
                  description: `${row.description} Its options are those of \`${above}${same.name}\`.`,
                },
              ]
            : [row, ...optionsWithin(option.type!, `${above}${option.name}.`)];
        });
    }
    default:
      return [];
  }
}

/** The option that decides which of several objects it is. */
function kindRow(types: Type[], above: string): Row[] {
  const kinds = types.flatMap(type => {
    const kind = type.type === 'reflection' && type.declaration.children?.find(({ name }) => name === 'type');
    return kind ? [kind] : [];
  });
  return kinds.length < 2
    ? []
    : [
        {
          option: code(`${above}type`),
          type: code(kinds.map(({ type }) => typeText(type!)).join(' or ')),
          default: 'required',
          description: 'Decides which of the options below exist.',
        },
      ];
}

/** The same for two types that differ only in TypeDoc's identifiers. */
function shape(type: Type): string {
  return JSON.stringify(type, (key, value) => (key === 'id' || key === 'groups' ? undefined : value));
}

function rowOf(option: Declaration, above: string, of: string): Row {
  if (option.comment === undefined) {
    throw new Error(`${above}${option.name} has no comment`);
  }
  return {
    option: `${code(`${above}${option.name}`)}${of}`,
    type: code(typeText(option.type!)),
    default: option.flags.isOptional ? defaultOf(option) : 'required',
    description: text(option.comment.summary),
  };
}

function table(rows: Row[]): string {
  const lines = rows.map(row => `| ${row.option} | ${row.type} | ${row.default} | ${row.description} |`);
  return ['| option | type | default | description |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function typeText(type: Type): string {
  switch (type.type) {
    case 'literal':
      return typeof type.value === 'string' ? `'${type.value}'` : String(type.value);
    case 'array':
      return `${typeText(type.elementType)}[]`;
    case 'union':
      return isSetting(type) ? 'Setting' : [...new Set(type.types.map(typeText))].join(' or ');
    case 'reflection':
      return isSetting(type) ? 'Setting' : 'object';
    default:
      return type.name;
  }
}

/** Whether it is `string | { env: … }`, or its second part. */
function isSetting(type: Type): boolean {
  if (type.type === 'union') {
    return type.types.some(isSetting);
  }
  return type.type === 'reflection' && type.declaration.children?.[0]?.name === 'env';
}

function literalsOf(type: Type): string {
  return code(typeText(type));
}

function defaultOf(option: Declaration): string {
  const value = tagOf(option, '@default');
  return /^(\d.*|true|false|\[.*\]|\{.*\})$/.test(value)
    ? code(value)
    : value.replace(/(?<!\w)'[^']+'/g, code);
}

/** The text of a tag, out of the block of code that TypeDoc makes of it. */
function tagOf(option: Declaration, name: string): string {
  const tag = option.comment?.blockTags?.find(({ tag }) => tag === name);
  if (tag === undefined) {
    throw new Error(`${option.name} has no ${name}`);
  }
  return tag.content
    .map(part => part.text)
    .join('')
    .replace(/^```ts\s|\s```$/g, '');
}

function text(parts: Part[]): string {
  return parts
    .map(part => part.text)
    .join('')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll(/docs\/([\w-]+\.md)/g, '[$1]($1)')
    .trim();
}

function code(text: string): string {
  return `\`${text}\``;
}
