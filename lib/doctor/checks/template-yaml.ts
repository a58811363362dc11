import { asTemplate, type Template } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const functions = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join'],
  ...['Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

/** CloudFormation's short forms, such as `!GetAtt`, and their long forms. */
const shortForms = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...functions.map(name => [`!${name}`, `Fn::${name}`] as const),
]);

const customTags = [...shortForms].flatMap(([tag, key]) => [
  { tag, resolve: (value: string) => ({ [key]: value }) },
  ...(['seq', 'map'] as const).map(collection => ({
    tag,
    collection,
    resolve: (value: { toJSON(): unknown }) => ({ [key]: value.toJSON() }),
  })),
]);

/** Whether a YAML text looks like a CloudFormation or SAM template. */
export function isTemplateYaml(path: string, text: string): boolean {
  return /\.ya?ml$/.test(path) && /^Resources:/m.test(text) && /\bType['"]?:\s*['"]?AWS::/.test(text);
}

/** A template in YAML, or a sentence why it cannot be read. */
export async function readTemplateYaml(text: string): Promise<Template | string> {
  // Loaded only now, because most projects have no template.
  const { parse } = await import('yaml');
  try {
    return asTemplate(parse(text, { customTags, logLevel: 'error' })) ?? 'its Resources are not a map';
  } catch (error) {
    return `it cannot be parsed: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}
