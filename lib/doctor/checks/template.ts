import { type Finding, findingOf } from '../pain.ts';
import { pains } from '../pains/index.ts';
import { checkRuntime } from './runtimes.ts';

interface Resource {
  Type?: string;
  Properties?: Record<string, unknown>;
}

export interface TemplateContext {
  where: string;
  today: Date;
}

const mostLayers = 5;

/** A CloudFormation template, of CDK or SAM or one's own, in JSON. Anything else has nothing to be found in. */
export function checkTemplate(text: string, { where, today }: TemplateContext): Finding[] {
  const resources = readResources(text);
  return Object.entries(resources).flatMap(([name, { Type, Properties = {} }]) => {
    const place = { where: `${where}, ${name}`, today };
    if (Type === 'AWS::Lambda::Function' || Type === 'AWS::Serverless::Function') {
      return checkFunction(Properties, place);
    }
    return Type === 'AWS::Lambda::Url' ? checkUrl(Properties, { resources, where: place.where }) : [];
  });
}

function readResources(text: string): Record<string, Resource> {
  try {
    return JSON.parse(text)?.Resources ?? {};
  } catch {
    return {};
  }
}

function checkFunction({ Runtime, Layers }: Record<string, unknown>, place: TemplateContext): Finding[] {
  const runtime = typeof Runtime === 'string' ? checkRuntime(Runtime, place) : [];
  const count = Array.isArray(Layers) ? Layers.length : 0;
  return count <= mostLayers
    ? runtime
    : [
        ...runtime,
        {
          id: 'too-many-layers',
          where: place.where,
          evidence: `${count} layers`,
          cause: `Lambda takes ${mostLayers} layers.`,
          fix: 'Pack without a layer of its own.',
          command: 'npx coldpress pack --native inline',
          link: 'docs/errors.md#TOO_MANY_LAYERS',
        },
      ];
}

/** Whoever is allowed one of the two actions by a permission needs the other; and a public URL needs permissions. */
function checkUrl(
  { TargetFunctionArn, AuthType }: Record<string, unknown>,
  { resources, where }: { resources: Record<string, Resource>; where: string },
): Finding[] {
  const target = logicalIds(TargetFunctionArn);
  const granted = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Permission')
    .filter(({ Properties }) => logicalIds(Properties?.FunctionName).some(id => target.includes(id)))
    .filter(({ Properties }) => AuthType !== 'NONE' || Properties?.Principal === '*')
    .map(({ Properties }) => Properties?.Action);
  const needed = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];
  const missing = needed.filter(action => !granted.includes(action));
  // With IAM, the callers' own policies may hold all of it; half of it in a permission is a mistake.
  const isMistake = missing.length > 0 && (AuthType === 'NONE' || granted.includes(needed[0]));
  const pain = pains.find(({ id }) => id === 'function-url-forbidden')!;
  return isMistake ? [findingOf(pain, where, `no permission for ${missing.join(' and ')}`)] : [];
}

/** The resources of the template that a value refers to: `{ Ref }`, `{ "Fn::GetAtt": [id, …] }`, or text. */
function logicalIds(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { Ref, 'Fn::GetAtt': got } = value as { Ref?: string; 'Fn::GetAtt'?: string | string[] };
  const attribute = typeof got === 'string' ? got.split('.')[0] : got?.[0];
  return [Ref, attribute].filter(id => id !== undefined);
}
