import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OnnxFunction, type OnnxFunctionProps } from '../../lib/cdk/index.ts';
import type { Config } from '../../lib/index.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const example = join(root, 'examples/breast-cancer');

/** One for all tests, so that a model is pressed once. */
export const cacheDir = process.env.COLDPRESS_CACHE_DIR!;

export const baseConfig = {
  name: 'breast-cancer',
  model: join(example, 'model.onnx'),
  score: join(example, 'score.ts'),
  engine: 'onnxruntime',
} satisfies Config;

// CDK's own check of templates takes two seconds to start. policies.test.ts has it look at every construct.
process.env.CDK_VALIDATION = 'false';

/** A cache for a test that counts what is added to it: it begins with what the run's has, the layer for instance. */
export function ownCache(dir: string): string {
  mkdirSync(dir);
  for (const name of readdirSync(cacheDir).filter(name => !name.startsWith('new-'))) {
    symlinkSync(join(cacheDir, name), join(dir, name));
  }
  return dir;
}

/** What a props object has, or a config in it. */
export type Given = Omit<OnnxFunctionProps, 'config'> & { config?: Config };

export function newStack(name = 'Test'): Stack {
  return new Stack(new App(), name);
}

/** The example in a stack, packed for real. */
export function newFunction(scope = newStack(), { config, ...props }: Given = {}): OnnxFunction {
  return new OnnxFunction(scope, 'Churn', { config: { ...baseConfig, ...config }, ...props });
}

export function templateOf(fn: OnnxFunction | Stack): Template {
  return Template.fromStack(fn instanceof Stack ? fn : Stack.of(fn));
}

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: of every type
  Properties: any;
}

export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.values(template.findResources(type)) as Resource[];
}

/** Every statement that lets somebody do something, roles' and resources' alike, less what only denies. */
export function statementsOf(template: Template): { on: string; statement: Statement }[] {
  const found: { on: string; statement: Statement }[] = [];
  const walk = (value: unknown, on: string): void => {
    if (typeof value !== 'object' || value === null) {
      return;
    }
    if ('Effect' in value && value.Effect === 'Allow' && 'Action' in value) {
      found.push({ on, statement: value as Statement });
    }
    for (const inner of Object.values(value)) {
      walk(inner, on);
    }
  };
  for (const [id, resource] of Object.entries(template.toJSON().Resources as Record<string, Resource>)) {
    walk(resource, `${id} (${resource.Type})`);
  }
  return found;
}

interface Statement {
  Action: string | string[];
  Resource?: unknown;
  Principal?: unknown;
}

/** The actions that the role of the function is allowed. */
export function actionsOf(template: Template): string[] {
  return statementsOf(template)
    .filter(({ on, statement }) => on.includes('IAM::Policy') && statement.Resource !== undefined)
    .flatMap(({ statement }) => statement.Action)
    .sort();
}

/** The example's model as a training of next week might give it: other bytes, same signature. */
export function otherModel(): string {
  const dir = mkdtempSync(join(tmpdir(), 'coldpress-model-'));
  const path = join(dir, 'model.onnx');
  cpSync(baseConfig.model, path);
  // Field 3, the producer's version, once more: of a field that comes twice the last one counts.
  appendFileSync(path, Buffer.from([0x1a, 1, 0x39]));
  return path;
}

/** The error that `build` throws. */
export function errorOf(build: () => unknown): Error & { code?: string } {
  try {
    build();
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('nothing was refused');
}
