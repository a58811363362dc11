import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { declareModel } from '../model/declarations.ts';
import { inspectModel } from '../model/inspect.ts';
import { learnSignature } from '../model/learn-signature.ts';
import { modelNameOf } from '../model/model-name.ts';
import { recogniseModel } from '../model/recognise.ts';
import { choicesHint } from '../nearest.ts';
import { quote } from '../shell-command.ts';
import { version } from '../version.ts';
import { adaptFiles, lookAround, ownTsconfigFile, type Surroundings, tsconfigFile } from './adapt.ts';
import { fieldFacts } from './field-facts.ts';
import { type FoundSamples, findSamples } from './find-samples.ts';
import { ignoredNotes } from './ignored.ts';
import { nameScripts } from './merge.ts';
import { planChanges } from './plan-changes.ts';
import { type InitTarget, type InitTrigger, type Project, triggers } from './project.ts';
import { cdkApp, cdkJson, replayAws } from './templates/aws.ts';
import { config } from './templates/config.ts';
import { replayContainer } from './templates/container.ts';
import { deployGoogle, replayGoogle } from './templates/google.ts';
import { gitignore, packageJson, tsconfigJson } from './templates/package.ts';
import { readme } from './templates/readme.ts';
import { modelTest, samples } from './templates/samples.ts';
import { score } from './templates/score.ts';
import { workflow } from './templates/workflow.ts';
import { writeFiles } from './write-files.ts';

export interface InitOptions {
  cwd: string;
  /** @default the one model in `cwd` */
  model?: string | undefined;
  /** @default aws-lambda */
  target?: InitTarget | undefined;
  /** @default http */
  trigger?: InitTrigger | undefined;
  /** Whether to write a `score.ts`, needed only if the callers use other names than the model. @default false */
  score?: boolean | undefined;
}

export interface InitResult {
  name: string;
  target: InitTarget;
  trigger: InitTrigger;
  /** Paths of written files, relative to `cwd`. */
  files: string[];
  /** Additions to existing files. */
  merged: { path: string; added: string[] }[];
  /** Paths of existing files that are unchanged. */
  kept: string[];
  /** The samples file, relative to `cwd`. */
  samples?: string;
  /** The command that runs the project's test. */
  test: string;
  /** Further information for the user, one sentence each. */
  notes: string[];
}

/**
 * Creates a project around a model in any folder, completely or not at all: it writes missing files, adds missing
 * entries to package.json and .gitignore, and changes nothing else.
 * @throws ColdpressError INIT_PACKAGE, INIT_UNWRITABLE, MODEL_UNNAMED, INIT_MODEL_OUTSIDE, INIT_MODEL_REFUSED,
 * OPTION_INVALID
 */
export async function initProject(options: InitOptions): Promise<InitResult> {
  const cwd = resolve(options.cwd);
  const notes: string[] = [];
  const { project, found } = await describeProject({ ...options, cwd }, note => notes.push(note));
  let testScript = 'test';
  const changes = await writeFiles(cwd, () => {
    const around = lookAround(cwd);
    const files = projectFiles(project, found, around);
    testScript = scriptNames(files['package.json']!, around).test;
    const earlier = projectFiles({ ...project, hasScore: false }, found, around);
    return planChanges(cwd, adaptFiles(files, around), adaptFiles(earlier, around));
  });
  const of = (kind: string) => [...changes].filter(([, change]) => change.kind === kind);
  const kept = of('keep').map(([path]) => path);
  const { name, target, trigger } = project;
  return {
    name,
    target,
    trigger,
    kept,
    files: of('write').map(([path]) => path),
    merged: [...changes].flatMap(([path, change]) =>
      change.kind === 'merge' ? [{ path, added: change.added }] : [],
    ),
    ...(project.samples !== undefined && { samples: project.samples }),
    test: testScript === 'test' ? 'npm test' : `npm run ${testScript}`,
    notes: [...notes, ...keptNotes(cwd, kept, project), ...ignoredNotes(cwd, neededFiles(project))],
  };
}

/** Files that a checkout of the repository needs. */
function neededFiles({ model, samples, hasScore }: Project): string[] {
  return [
    model,
    ...(samples === undefined ? [] : [samples]),
    ...(hasScore ? [`${model}.d.ts`] : []),
    'package-lock.json',
  ];
}

/** The settings that an existing config may lack. */
function keptNotes(cwd: string, kept: readonly string[], project: Project): string[] {
  const configFile = kept.find(path => path.startsWith('coldpress.config.'));
  if (configFile === undefined) {
    return [];
  }
  const text = readFileSync(join(cwd, configFile), 'utf8');
  const wanted = [
    ...(project.hasScore ? [{ key: 'score', line: "score: './score.ts'" }] : []),
    ...(project.samples === undefined ? [] : [{ key: 'samples', line: `samples: './${project.samples}'` }]),
  ];
  return wanted
    .filter(({ key }) => !new RegExp(`\\b${key}\\b`).test(text))
    .map(({ line }) => `${configFile} is unchanged; add to it: ${line}`);
}

/** The models in a folder: ONNX files, and boosters with the file names of their libraries' examples. */
export async function findModels(cwd: string): Promise<string[]> {
  return (await readdir(cwd)).filter(name => /\.(onnx|ubj)$|^model\.(txt|json)$/.test(name)).sort();
}

async function describeProject(
  { cwd, model, target = 'aws-lambda', trigger = 'http', score: hasScore = false }: InitOptions,
  onNote: (note: string) => void,
): Promise<{ project: Project; found: FoundSamples | undefined }> {
  const allowed: readonly string[] = triggers[target];
  if (!allowed.includes(trigger)) {
    throw new ColdpressError('OPTION_INVALID', `unknown --trigger ${trigger} for --target ${target}`, {
      hint: choicesHint(trigger, allowed),
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
  const signature = await learn(path, cwd);
  const isMatrix = signature.inputs.length === 1 && signature.inputs[0]!.shape?.length === 2;
  const features = isMatrix && 'features' in report ? report.features.map(({ name }) => name) : undefined;
  const found = await findSamples({ cwd, modelPath: path }, { signature, features }, onNote);
  if (found?.text !== undefined) {
    onNote(`${found.path} has the first rows of ${found.source}`);
  }
  const project = {
    name: projectName(path, cwd),
    model: inside.split(sep).join('/'),
    signature,
    features: found?.features ?? features,
    ...(found && {
      samples: found.path,
      record: found.records[0]!.record,
      fields: fieldFacts(found.records),
    }),
    hasScore,
    target,
    trigger,
    version,
  };
  return { project, found };
}

/** If a model refuses made-up inputs, its signature is learned from samples. */
async function learn(path: string, cwd: string) {
  try {
    return await learnSignature(path);
  } catch (error) {
    const samples = ['csv', 'jsonl', 'ndjson', 'npz']
      .map(ending => join(cwd, `samples.${ending}`))
      .find(existsSync);
    if (samples === undefined) {
      throw error;
    }
    return learnSignature(path, { path: samples });
  }
}

/** Endings of models that must be converted first. */
const foreignEnding = /\.(pkl|pickle|joblib|pt|pth|h5|keras|safetensors|cbm|tflite)$/i;

/** @throws ColdpressError MODEL_UNNAMED; the error of a model in another format, if there is no other */
async function onlyModel(cwd: string): Promise<string> {
  const models = await findModels(cwd);
  const [only] = models;
  if (only === undefined) {
    // The error of another format says how to convert it.
    for (const name of (await readdir(cwd)).filter(other => foreignEnding.test(other))) {
      await recogniseModel(join(cwd, name));
    }
    throw new ColdpressError('MODEL_UNNAMED', `no model found in ${cwd}`, {
      hint: 'name it: npx coldpress init model.onnx. Models are .onnx and .ubj files, model.txt and model.json',
    });
  }
  if (models.length > 1) {
    throw new ColdpressError('MODEL_UNNAMED', `${models.length} models found: ${models.join(', ')}`, {
      hint: `name one: npx coldpress init ${quote(only)}`,
    });
  }
  return only;
}

/** The model file's name, or the folder's if the file has a generic name. */
function projectName(path: string, cwd: string): string {
  const own = modelNameOf(basename(path));
  const name = own === 'model' ? basename(cwd) : own;
  // Leaves room for the stage within Lambda's 64 characters.
  return (
    name
      .replace(/[^a-zA-Z0-9-_]/g, '-')
      .replace(/^[-_]+/, '')
      .slice(0, 48) || 'model'
  );
}

/** Files that deploy the function and send requests to the deployed one. */
const deployments: Record<InitTarget, (project: Project) => Record<string, string>> = {
  'aws-lambda': project => ({
    'bin/app.ts': cdkApp(project),
    ...(project.hasOtherApp !== true && { 'cdk.json': cdkJson() }),
    'bin/replay.ts': replayAws(project),
  }),
  gcf: project => ({ 'bin/deploy.ts': deployGoogle(project), 'bin/replay.ts': replayGoogle() }),
  container: () => ({ 'bin/replay.ts': replayContainer() }),
};

function projectFiles(
  described: Project,
  found: FoundSamples | undefined,
  around: Surroundings,
): Record<string, string> {
  const project = { ...described, hasOtherApp: around.hasCdkApp };
  const tsconfig = around.hasTsconfig ? ownTsconfigFile : tsconfigFile;
  const packageText = packageJson(project, tsconfig);
  return {
    'package.json': packageText,
    [tsconfigFile]: tsconfigJson(around.hasTsconfig),
    'coldpress.config.ts': config(project),
    ...(found?.text !== undefined && { [found.path]: found.text }),
    ...(project.hasScore && { 'score.ts': score(project) }),
    [`${project.model}.d.ts`]: declareModel(project.signature, basename(project.model)),
    'test/samples.ts': samples(),
    'test/model.test.ts': modelTest(project),
    ...deployments[project.target](project),
    '.github/workflows/model.yml': workflow(project, tsconfig),
    '.gitignore': gitignore(project),
    'README.md': readme(project, scriptNames(packageText, around)),
  };
}

/** The names of the scripts that fit next to existing ones. */
function scriptNames(packageText: string, { scripts }: Surroundings): { test: string } {
  const names = Object.keys(nameScripts(JSON.parse(packageText).scripts, scripts));
  return { test: names.find(name => /^(model:)?test$/.test(name))! };
}
