import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { causeOf } from '../cause-of.ts';
import { FUNCTION_FOLDER, FUNCTION_ZIP, LAYER_ZIP, REPORT_FILE } from '../contract/files.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { type Checked, type NotChecked, together } from './checked.ts';
import { checkArtifact } from './checks/artifact.ts';
import { checkModel } from './checks/model.ts';
import { checkProject } from './checks/project.ts';
import { checkTerraform } from './checks/terraform.ts';
import { checkTextFile } from './checks/text-file.ts';
import type { ComparedDeployed } from './deployed/compare.ts';
import { diagnoseText } from './diagnose-text.ts';
import { nearestCode } from './own-codes.ts';
import { printable, readText } from './read-text.ts';

/** What was checked and found, without duplicates. Plain data. */
export interface Diagnosis extends Checked {
  looked: 'project' | 'artifact' | 'model' | 'file' | 'text';
  /** The path, or the beginning of the text. */
  subject: string;
  /** The deployed function that the artifact was compared with, if any. */
  deployed?: ComparedDeployed;
}

export interface DiagnoseOptions {
  cwd: string;
  today: Date;
}

/**
 * Diagnoses any subject: a folder, an artifact, a model, a text file, or text.
 * @throws ColdpressError FILE_UNREADABLE for a single unknown word that is not a path, and for a binary file
 */
export async function diagnose(subject: string, { cwd, today }: DiagnoseOptions): Promise<Diagnosis> {
  if (subject.trim() === '') {
    return diagnosePasted(subject);
  }
  const path = resolve(cwd, subject);
  const stats = subject.length > 4096 ? undefined : statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    return diagnoseFolder(subject, path, today);
  }
  if (stats?.isFile()) {
    return diagnoseFile(subject, path, today);
  }
  const diagnosis = diagnosePasted(subject);
  // A single word may be a mistyped name.
  if (diagnosis.findings.length === 0 && !/\s/.test(subject)) {
    const code = nearestCode(subject);
    if (code !== undefined) {
      throw new ColdpressError('FILE_UNREADABLE', `no file, folder or error code is named ${subject}`, {
        hint: `Did you mean ${code}? docs/errors.md lists all codes.`,
      });
    }
    throw new ColdpressError('FILE_UNREADABLE', `file or folder not found: ${subject}`, {
      hint: `Check the path. To check a deployed function, run \`npx coldpress doctor build --aws ${/^[\w:-]+$/.test(subject) ? subject : 'NAME'}\`. As the text of an error, coldpress does not know it.`,
    });
  }
  return diagnosis;
}

/** Diagnoses text that a user pasted. */
export function diagnosePasted(text: string): Diagnosis {
  const subject = printable(text.trim().split('\n', 1)[0]!.slice(0, 120));
  return conclude('text', subject, { findings: diagnoseText(text), notChecked: [] });
}

async function diagnoseFolder(subject: string, path: string, today: Date): Promise<Diagnosis> {
  const has = (...names: string[]) => existsSync(join(path, ...names));
  // The function's own folder is a part of its artifact.
  // Without its manifest, an artifact is still known by its report.
  const artifact =
    has(FUNCTION_FOLDER, MANIFEST_FILE) || (has(FUNCTION_FOLDER) && has(REPORT_FILE))
      ? path
      : has(MANIFEST_FILE)
        ? dirname(path)
        : undefined;
  return artifact === undefined
    ? conclude('project', subject, await checkProject(path, today))
    : conclude('artifact', subject, { findings: await checkArtifact(artifact, today), notChecked: [] });
}

const texts = /\.(?:log|txt|json|jsonl|ndjson|ya?ml|tf|md|out|err)$/;
const models = /\.(?:onnx|ort|ubj)$/;

async function diagnoseFile(subject: string, path: string, today: Date): Promise<Diagnosis> {
  if (/\.zip$/i.test(path)) {
    return diagnoseArchive(subject, path, today);
  }
  // A file with a model's extension, or a binary one, is checked as a model: it may be a pointer, a pickle, half a
  // model.
  const bytes = models.test(path) ? undefined : readBytes(path, subject);
  if (bytes === undefined || (!texts.test(path) && bytes.subarray(0, 4096).includes(0))) {
    return conclude('model', subject, { findings: await checkModel(path, subject), notChecked: [] });
  }
  const text = readText(bytes, subject);
  return conclude(
    'file',
    subject,
    together([
      ...(/\.(?:json|ya?ml|tf)$/.test(path) ? [await checkTextFile(subject, text, today)] : []),
      ...(path.endsWith('.tf') ? [checkModuleOf(path, subject)] : []),
      { findings: diagnoseText(text, subject), notChecked: notRead(path, subject) },
    ]),
  );
}

/** Files that are only searched for the texts of errors, and the command that checks what is in them. */
function notRead(path: string, subject: string): NotChecked[] {
  const [, what, why] =
    [
      [/\.[cm]?[jt]sx?$/, 'its code', 'npx coldpress pack compiles the score and tries it'],
      [/\.(?:csv|jsonl|ndjson)$/, 'its rows', 'npx coldpress pack --samples compares them with the model'],
    ].find(([ending]) => (ending as RegExp).test(path)) ?? [];
  return what === undefined ? [] : [{ where: subject, what: String(what), why: String(why) }];
}

/**
 * An archive of an artifact is checked with the folder that it is in.
 * @throws ColdpressError FILE_UNREADABLE for any other archive
 */
async function diagnoseArchive(subject: string, path: string, today: Date): Promise<Diagnosis> {
  const dir = dirname(path);
  if (
    [FUNCTION_ZIP, LAYER_ZIP].includes(basename(path)) &&
    existsSync(join(dir, FUNCTION_FOLDER, MANIFEST_FILE))
  ) {
    return conclude('artifact', subject, { findings: await checkArtifact(dir, today), notChecked: [] });
  }
  throw new ColdpressError('FILE_UNREADABLE', `${subject} is an archive, not a model`, {
    hint: 'a packed function: npx coldpress verify compares its files with its manifest; anything else: unpack it, and name the folder or the model',
  });
}

/** @throws ColdpressError FILE_UNREADABLE */
function readBytes(path: string, subject: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ColdpressError('FILE_UNREADABLE', `cannot read ${subject}: ${causeOf(cause)}`, {
      hint: 'see that you may read it',
      cause,
    });
  }
}

/** Checks a Terraform file together with those in its folder, which are one module. */
function checkModuleOf(path: string, subject: string): Checked {
  const dir = dirname(path);
  const files = readdirSync(dir)
    .filter(name => name.endsWith('.tf'))
    .map(name => ({ path: join(dirname(subject), name), text: readFileSync(join(dir, name), 'utf8') }));
  return checkTerraform(files, { dir, root: dir });
}

function conclude(
  looked: Diagnosis['looked'],
  subject: string,
  { findings, notChecked }: Checked,
): Diagnosis {
  const seen = new Set<string>();
  const once = findings.filter(({ id, where, evidence }) => {
    const key = [id, where, evidence].join('\n');
    return !seen.has(key) && seen.add(key);
  });
  return { looked, subject, findings: once, notChecked };
}
