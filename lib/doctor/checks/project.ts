import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import { readArtifact } from '../../local/artifact.ts';
import { hashFile } from '../../model/hash.ts';
import { readPackage } from '../../native/installed-package.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { loadConfig } from '../../pack/config.ts';
import { isRemote } from '../../pack/fetch/remote.ts';
import { type Plan, resolvePlan } from '../../pack/plan.ts';
import { type Finding, findingOf } from '../pain.ts';
import { pains } from '../pains/index.ts';
import { checkArtifact } from './artifact.ts';
import { checkModel, ofCode } from './model.ts';
import { listProject, type ProjectFile } from './project-files.ts';
import { checkRuntime } from './runtimes.ts';
import { checkTemplate } from './template.ts';

const largestTextBytes = 2 ** 20;
const textFiles = /\.(?:[cm]?[jt]s|json|ya?ml|tf|toml)$/;

/** A folder that is worked in: its config, models, packages, templates and sources, and what was packed in it. */
export async function checkProject(dir: string, today: Date): Promise<Finding[]> {
  const { files, artifacts } = listProject(dir);
  const packed = await Promise.all(artifacts.map(artifact => checkArtifact(artifact, today)));
  const models = files.filter(({ path }) => /\.(?:onnx|ort)$/.test(path));
  const inspected = await Promise.all(models.map(({ file, path }) => checkModel(file, path)));
  return [
    ...(await checkConfig(dir, artifacts)),
    ...checkPackages(dir),
    ...files.filter(isText).flatMap(file => checkText(file, today)),
    ...inspected.flat(),
    ...packed.flat().map(finding => ({ ...finding, where: relative(dir, finding.where) || '.' })),
  ];
}

function isText({ path, sizeBytes }: ProjectFile): boolean {
  return textFiles.test(path) && sizeBytes <= largestTextBytes && !path.endsWith('package-lock.json');
}

/** Sources by the pains that can be seen in them, and runtimes by their dates. */
function checkText({ path, file }: ProjectFile, today: Date): Finding[] {
  const text = readFileSync(file, 'utf8');
  const seen = pains.flatMap(pain => {
    const match = pain.source?.files.test(path) === true ? pain.source.pattern.exec(text) : null;
    return match === null ? [] : findingOf(pain, path, lineOf(text, match.index) || pain.id);
  });
  if (path.endsWith('.json')) {
    return [...seen, ...checkTemplate(text, { where: path, today })];
  }
  const runtimes = new Set(text.match(/\bnodejs\d+(?:\.x)?(?![\w.])/g));
  const constants = [...text.matchAll(/\bRuntime\.NODEJS_(\d+)_X\b/g)].map(([, major]) => `nodejs${major}.x`);
  return [...seen, ...[...runtimes, ...constants].flatMap(id => checkRuntime(id, { where: path, today }))];
}

function lineOf(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index - 1) + 1;
  return text.slice(start).split('\n', 1)[0]!.trim().slice(0, 120);
}

/** The config can be loaded, and what was packed of its model is what would be packed now. */
async function checkConfig(dir: string, artifacts: string[]): Promise<Finding[]> {
  try {
    const loaded = await loadConfig(undefined, dir);
    if (loaded.path === undefined) {
      return [];
    }
    const plan = resolvePlan({}, loaded, dir);
    const found = await Promise.all(artifacts.map(artifact => checkPlan(artifact, plan, dir)));
    return found.flat();
  } catch (error) {
    if (error instanceof ColdpressError) {
      return [ofCode(error, dir)];
    }
    throw error;
  }
}

async function checkPlan(artifactDir: string, plan: Plan, dir: string): Promise<Finding[]> {
  // One that cannot be read is told of by the check of artifacts.
  const manifest = (await readArtifact(artifactDir).catch(() => undefined))?.manifest;
  if (manifest === undefined || manifest.name !== plan.name || manifest.target !== plan.target.name) {
    return [];
  }
  const where = relative(dir, artifactDir) || '.';
  const now = { architecture: plan.architecture, runtime: plan.runtime.id };
  const differing = (['architecture', 'runtime'] as const).filter(name => manifest[name] !== now[name]);
  const isOther =
    !isRemote(plan.modelPath) &&
    existsSync(plan.modelPath) &&
    (await hashFile(plan.modelPath)) !== manifest.model.sha256;
  const evidence = [
    ...differing.map(name => `packed for ${manifest[name]}, the config says ${now[name]}`),
    ...(isOther ? [`${relative(dir, plan.modelPath)} is not the model that was packed`] : []),
  ];
  return evidence.map(seen => ({
    id: 'config-drift',
    where,
    evidence: seen,
    cause: 'The artifact is older than the project: what is deployed from it is not what the project says.',
    fix: 'Pack it again.',
    command: `npx coldpress pack --out ${where}`,
    link: 'docs/doctor.md#drift',
  }));
}

/** What is installed beside coldpress. */
function checkPackages(dir: string): Finding[] {
  const installed = (name: string) => {
    const at = join(dir, 'node_modules', name);
    return existsSync(at) ? readPackage(at)?.version : undefined;
  };
  const engine = installed('onnxruntime-node');
  const own = onnxruntimeVersion();
  const drift =
    engine === undefined || engine === own
      ? []
      : [
          {
            id: 'version-drift',
            where: 'node_modules/onnxruntime-node',
            evidence: `installed is onnxruntime-node ${engine}, coldpress packs ${own}`,
            cause: 'Tests of the project run another engine than the function does.',
            fix: 'Test the artifact, with `coldpress invoke`, or install the same version.',
            command: `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@${own}`,
            link: 'docs/doctor.md#drift',
          },
        ];
  const cdk = installed('aws-cdk');
  const wrong = pains.find(({ id }) => id === 'wrong-cdk')!;
  return [
    ...drift,
    ...(cdk?.startsWith('3.') === true ? [findingOf(wrong, 'node_modules/aws-cdk', `aws-cdk ${cdk}`)] : []),
  ];
}
