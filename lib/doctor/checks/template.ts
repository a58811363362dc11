import { type Checked, nothing, together } from '../checked.ts';
import type { Finding } from '../pain.ts';
import { checkFunctionUrl } from './function-url.ts';
import { checkRuntime } from './runtimes.ts';

interface Resource {
  Type?: string;
  Properties?: Record<string, unknown>;
}

/** The parts of a CloudFormation or SAM template that are checked. */
export interface Template {
  Globals?: { Function?: Record<string, unknown> };
  Resources: Record<string, Resource>;
}

export interface TemplateContext {
  where: string;
  today: Date;
}

const mostLayers = 5;

/** Checks a CloudFormation template, also one of CDK or SAM. SAM itself grants what its `FunctionUrlConfig` needs. */
export function checkTemplate({ Globals, Resources }: Template, { where, today }: TemplateContext): Checked {
  const globals = checkFunction(Globals?.Function ?? {}, { where: `${where}, Globals`, today });
  const resources = Object.entries(Resources).map(([name, resource]): Checked => {
    const { Type, Properties = {} } = resource ?? {};
    const place = { where: `${where}, ${name}`, today };
    if (Type === 'AWS::Lambda::Function' || Type === 'AWS::Serverless::Function') {
      return { findings: checkFunction(Properties, place), notChecked: [] };
    }
    return Type === 'AWS::Lambda::Url' ? checkUrl(Properties, Resources, place.where) : nothing;
  });
  return together([{ findings: globals, notChecked: [] }, ...resources]);
}

/** A template in JSON; `undefined` for anything else. */
export function readTemplateJson(text: string): Template | undefined {
  try {
    return asTemplate(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asTemplate(value: unknown): Template | undefined {
  const resources = (value as Template | null)?.Resources;
  return typeof resources === 'object' && resources !== null ? (value as Template) : undefined;
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
          cause: `Lambda allows ${mostLayers} layers.`,
          fix: 'Pack without a layer of its own.',
          command: 'npx coldpress pack --native inline',
          link: 'docs/errors.md#TOO_MANY_LAYERS',
        },
      ];
}

function checkUrl(
  { TargetFunctionArn, AuthType }: Record<string, unknown>,
  resources: Record<string, Resource>,
  where: string,
): Checked {
  const target = logicalIds(TargetFunctionArn, resources);
  const permissions = Object.values(resources)
    .filter(resource => resource?.Type === 'AWS::Lambda::Permission')
    .map(({ Properties = {} }) => Properties)
    .filter(({ FunctionName }) => logicalIds(FunctionName, resources).some(id => target.includes(id)))
    .map(({ Action, Principal }) => ({ action: literal(Action), isForAll: Principal === '*' }));
  return checkFunctionUrl({
    where,
    authType: literal(AuthType),
    permissions,
    impliedActions: [],
    fix: 'Have an AWS::Lambda::Permission for each of the two actions; that for lambda:InvokeFunction with `InvokedViaFunctionUrl: true`.',
  });
}

function literal(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The resources of the template that a value refers to: by reference, text with references, or function name. */
function logicalIds(value: unknown, resources: Record<string, Resource>): string[] {
  if (typeof value === 'string') {
    const named = Object.entries(resources).filter(
      ([, resource]) => resource?.Properties?.FunctionName === value,
    );
    return [value, ...named.map(([id]) => id)];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { Ref, 'Fn::GetAtt': got, 'Fn::Sub': sub } = value as Record<string, string | string[] | undefined>;
  const text = Array.isArray(sub) ? sub[0] : sub;
  const inText = [...(text ?? '').matchAll(/\$\{(\w+)(?:\.\w+)?\}/g)].map(([, id]) => id);
  const attribute = typeof got === 'string' ? got.split('.')[0] : got?.[0];
  return [Ref, attribute, ...inText].filter(id => typeof id === 'string');
}
