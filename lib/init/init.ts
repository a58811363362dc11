import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { declareModel } from '../model/declarations.ts';
import { inspectModel } from '../model/inspect.ts';
import { learnSignature } from '../model/learn-signature.ts';
import { modelNameOf } from '../model/model-name.ts';
import { quote } from '../shell-command.ts';
import { version } from '../version.ts';
import { type InitTarget, type InitTrigger, type Project, triggers } from './project.ts';
import { cdkApp, cdkJson, replayAws } from './templates/aws.ts';
import { config } from './templates/config.ts';
import { replayContainer } from './templates/container.ts';
import { golden, goldenTest } from './templates/golden.ts';
import { deployGoogle, replayGoogle } from './templates/google.ts';
import { gitignore, packageJson, tsconfigJson } from './templates/package.ts';
import { readme } from './templates/readme.ts';
import { score } from './templates/score.ts';
import { workflow } from './templates/workflow.ts';
import { writeFiles } from './write-files.ts';

export interface InitOptions {
  cwd: string;
  /** Default: the one model in `cwd`. */
  model?: string | undefined;
  /** @default aws */
  target?: InitTarget | undefined;
  /** @default http */
  trigger?: InitTrigger | undefined;
}

export interface InitResult {
  name: string;
  target: InitTarget;
  trigger: InitTrigger;
  /** What was written, relative to `cwd`. */
  files: string[];
}

/**
 * Writes a project around a model, all of it or nothing: no file that is there is touched.
 * @throws ColdpressError INIT_EXISTS, MODEL_UNNAMED, INIT_MODEL_OUTSIDE, OPTION_INVALID; MODEL_OBSTACLE
 */
export async function initProject(options: InitOptions): Promise<InitResult> {
  const project = await describeProject(options);
  const files = projectFiles(project);
  await writeFiles(resolve(options.cwd), files);
  const { name, target, trigger } = project;
  return { name, target, trigger, files: Object.keys(files) };
}

/** The models in a folder: of ONNX, and boosters by the names that their own libraries' examples give them. */
export async function findModels(cwd: string): Promise<string[]> {
  return (await readdir(cwd)).filter(name => /\.(onnx|ubj)$|^model\.(txt|json)$/.test(name)).sort();
}

async function describeProject({
  cwd,
  model,
  target = 'aws',
  trigger = 'http',
}: InitOptions): Promise<Project> {
  const allowed: readonly string[] = triggers[target];
  if (!allowed.includes(trigger)) {
    throw new ColdpressError('OPTION_INVALID', `--trigger is ${trigger} with --target ${target}`, {
      hint: `it has ${allowed.join(', ')}`,
    });
  }
  const path = resolve(cwd, model ?? (await onlyModel(cwd)));
  const inside = relative(cwd, path);
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new ColdpressError('INIT_MODEL_OUTSIDE', `${path} is outside ${cwd}`, {
      hint: 'copy the model into the project’s folder, with the files of its external data',
    });
  }
  const report = await inspectModel(path);
  const [obstacle] = report.obstacles;
  if (obstacle !== undefined) {
    throw new ColdpressError('INIT_MODEL_REFUSED', `${inside} cannot be packed: ${obstacle.message}`, {
      hint: `run npx coldpress inspect ${quote(inside)} to see why`,
    });
  }
  const signature = await learnSignature(path);
  const isMatrix = signature.inputs.length === 1 && signature.inputs[0]!.shape?.length === 2;
  return {
    name: projectName(path, cwd),
    model: inside.split(sep).join('/'),
    signature,
    features: isMatrix && 'features' in report ? report.features.map(({ name }) => name) : undefined,
    ...{ target, trigger, version },
  };
}

async function onlyModel(cwd: string): Promise<string> {
  const models = await findModels(cwd);
  const [only] = models;
  if (only === undefined || models.length > 1) {
    throw new ColdpressError('MODEL_UNNAMED', `there are ${models.length} models here`, {
      hint: 'name one: npx coldpress init model.onnx',
    });
  }
  return only;
}

/** The model file's name, or the folder's, where the file is called as every exporter calls it. */
function projectName(path: string, cwd: string): string {
  const own = modelNameOf(basename(path));
  const name = own === 'model' ? basename(cwd) : own;
  // With room for the stage in the 64 characters that Lambda has.
  return (
    name
      .replace(/[^a-zA-Z0-9-_]/g, '-')
      .replace(/^[-_]+/, '')
      .slice(0, 48) || 'model'
  );
}

/** What deploys it, and asks what is deployed. */
const deployments: Record<InitTarget, (project: Project) => Record<string, string>> = {
  aws: project => ({
    'bin/app.ts': cdkApp(project),
    'cdk.json': cdkJson(),
    'bin/replay.ts': replayAws(project),
  }),
  gcf: project => ({ 'bin/deploy.ts': deployGoogle(project), 'bin/replay.ts': replayGoogle(project) }),
  container: project => ({ 'bin/replay.ts': replayContainer(project) }),
};

function projectFiles(project: Project): Record<string, string> {
  return {
    'package.json': packageJson(project),
    'tsconfig.json': tsconfigJson(),
    'coldpress.config.ts': config(project),
    'score.ts': score(project),
    [`${project.model}.d.ts`]: declareModel(project.signature, basename(project.model)),
    'test/golden.ts': golden(),
    'test/golden.test.ts': goldenTest(project),
    ...deployments[project.target](project),
    '.github/workflows/model.yml': workflow(project),
    '.gitignore': gitignore(project),
    'README.md': readme(project),
  };
}
