import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Artifact, openArtifact } from '../../artifact.ts';
import { ColdpressError } from '../../errors.ts';
import { hashFile } from '../../hash-file.ts';
import { loadConfig } from '../../pack/config.ts';
import { isRemote } from '../../pack/fetch/remote.ts';
import { type Plan, resolvePlan } from '../../pack/plan.ts';
import { quote } from '../../shell-command.ts';
import { type Checked, type NotChecked, together, unreadable } from '../checked.ts';
import { type Finding, findingOf } from '../pain.ts';
import { pains } from '../pains/index.ts';
import { checkArtifact } from './artifact.ts';
import { checkLock } from './lock.ts';
import { checkModel, ofCode } from './model.ts';
import { checkPackages } from './packages.ts';
import { listProject, type ProjectFile } from './project-files.ts';
import { checkTerraform } from './terraform.ts';
import { checkTextFile } from './text-file.ts';

const largestTextBytes = 2 ** 20;
const textFiles = /\.(?:[cm]?[jt]s|json|ya?ml|tf|toml)$/;

/** Checks a project folder: its config, models, packages, templates, sources, and artifacts. */
export async function checkProject(dir: string, today: Date): Promise<Checked> {
  const { files, artifacts, notChecked } = listProject(dir);
  const packed = await Promise.all(artifacts.map(artifact => checkArtifact(artifact, today)));
  const models = files.filter(({ path }) => /\.(?:onnx|ort)$/.test(path));
  const inspected = await Promise.all(models.map(({ file, path }) => checkModel(file, path)));
  const { texts, unread } = readTexts(files);
  return together([
    {
      findings: [...(await checkConfig(dir, artifacts)), ...(await checkLock(dir, artifacts, today))],
      notChecked: files.length + artifacts.length + notChecked.length === 0 ? [isEmpty] : notChecked,
    },
    checkPackages(dir),
    ...(await Promise.all(texts.map(({ path, text }) => checkText(path, text, today)))),
    ...checkModules(texts, dir),
    { findings: inspected.flat(), notChecked: unread },
    {
      findings: packed.flat().map(finding => ({ ...finding, where: relative(dir, finding.where) || '.' })),
      notChecked: [],
    },
  ]);
}

const isEmpty: NotChecked = { where: '.', what: 'anything', why: 'the folder is empty' };

interface TextFile {
  path: string;
  text: string;
}

function readTexts(files: readonly ProjectFile[]): { texts: TextFile[]; unread: NotChecked[] } {
  const texts: TextFile[] = [];
  const unread: NotChecked[] = [];
  for (const { path, file, sizeBytes } of files) {
    if (!textFiles.test(path) || path.endsWith('package-lock.json')) {
      continue;
    }
    if (sizeBytes > largestTextBytes) {
      unread.push({ where: path, what: 'all of it', why: 'it is larger than 1 MB' });
      continue;
    }
    try {
      texts.push({ path, text: readFileSync(file, 'utf8') });
    } catch (error) {
      unread.push(unreadable(path, error));
    }
  }
  return { texts, unread };
}

/** Checks a text for known pains, and for what it deploys. */
async function checkText(path: string, text: string, today: Date): Promise<Checked> {
  const seen = pains.flatMap(pain => {
    const match = pain.source?.files.test(path) === true ? pain.source.pattern.exec(text) : null;
    return match === null ? [] : findingOf(pain, path, lineOf(text, match.index) || pain.id);
  });
  return together([{ findings: seen, notChecked: [] }, await checkTextFile(path, text, today)]);
}

/** Checks Terraform modules, each of which is a folder of files. */
function checkModules(texts: readonly TextFile[], root: string): Checked[] {
  const files = texts.filter(({ path }) => path.endsWith('.tf'));
  const modules = Map.groupBy(files, ({ path }) => dirname(join(root, path)));
  return [...modules].map(([dir, of]) => checkTerraform(of, { dir, root }));
}

function lineOf(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index - 1) + 1;
  return text.slice(start).split('\n', 1)[0]!.trim().slice(0, 120);
}

/** Checks that the config can be loaded, and that artifacts of its model match it. */
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
  const manifest = readable(artifactDir)?.manifest;
  if (manifest === undefined || manifest.name !== plan.name || manifest.target !== plan.target.name) {
    return [];
  }
  const where = relative(dir, artifactDir) || '.';
  // An artifact without native files is packed for any CPU.
  const architecture = manifest.architecture === 'any' ? 'any' : plan.architecture;
  const now = { architecture, runtime: plan.runtime.id };
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
    command: `npx coldpress pack --out ${quote(where)}`,
    link: 'docs/doctor.md#drift',
  }));
}

/** `undefined` if the artifact cannot be read: the check of artifacts reports that. */
function readable(artifactDir: string): Artifact | undefined {
  try {
    return openArtifact(artifactDir);
  } catch {
    return undefined;
  }
}
