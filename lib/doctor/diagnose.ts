import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { MANIFEST_FILE } from '../manifest.ts';
import { checkArtifact } from './checks/artifact.ts';
import { checkModel } from './checks/model.ts';
import { checkProject } from './checks/project.ts';
import { checkTemplate } from './checks/template.ts';
import { diagnoseText } from './diagnose-text.ts';
import type { Finding } from './pain.ts';

/** What was looked at, and what was found there, the same thing once. Plain data. */
export interface Diagnosis {
  looked: 'project' | 'artifact' | 'model' | 'text';
  /** The path, or the beginning of the text. */
  subject: string;
  findings: Finding[];
}

export interface DiagnoseOptions {
  cwd: string;
  today: Date;
}

/**
 * Looks at whatever it is given: a folder, an artifact, a model, a file of text, or text.
 * @throws ColdpressError FILE_UNREADABLE for what looks like a path and is none
 */
export async function diagnose(subject: string, { cwd, today }: DiagnoseOptions): Promise<Diagnosis> {
  const path = resolve(cwd, subject);
  const stats = subject.length > 4096 ? undefined : statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    return diagnoseFolder(subject, path, today);
  }
  if (stats?.isFile()) {
    return diagnoseFile(subject, path, today);
  }
  if (/^\S*[\\/.]\w+$/.test(subject)) {
    throw new ColdpressError('FILE_UNREADABLE', `there is no file or folder ${subject}`, {
      hint: 'check the path; an error text of one word goes by way of stdin: echo TEXT | coldpress doctor -',
    });
  }
  return diagnosePasted(subject);
}

/** Text that somebody pasted. */
export function diagnosePasted(text: string): Diagnosis {
  const subject = text.trim().split('\n', 1)[0]!.slice(0, 120);
  return conclude({ looked: 'text', subject, findings: diagnoseText(text) });
}

async function diagnoseFolder(subject: string, path: string, today: Date): Promise<Diagnosis> {
  const has = (...names: string[]) => statSync(join(path, ...names), { throwIfNoEntry: false })?.isFile();
  if (has('function', MANIFEST_FILE)) {
    return conclude({ looked: 'artifact', subject, findings: await checkArtifact(path, today) });
  }
  // The folder of the function itself is a part of its artifact.
  return has(MANIFEST_FILE)
    ? conclude({ looked: 'artifact', subject, findings: await checkArtifact(dirname(path), today) })
    : conclude({ looked: 'project', subject, findings: await checkProject(path, today) });
}

const texts = /\.(?:log|txt|json|jsonl|ndjson|ya?ml|md|out|err)$/;
const models = /\.(?:onnx|ort)$/;

async function diagnoseFile(subject: string, path: string, today: Date): Promise<Diagnosis> {
  // Whatever is named as a model, or is no text, is asked what it is: a pointer, a pickle, half a model.
  if (models.test(path) || (!texts.test(path) && readFileSync(path).subarray(0, 4096).includes(0))) {
    return conclude({ looked: 'model', subject, findings: await checkModel(path, subject) });
  }
  const text = readFileSync(path, 'utf8');
  const findings = [...checkTemplate(text, { where: subject, today }), ...diagnoseText(text, subject)];
  return conclude({ looked: 'text', subject, findings });
}

function conclude(diagnosis: Diagnosis): Diagnosis {
  const seen = new Set<string>();
  const findings = diagnosis.findings.filter(({ id, where, evidence }) => {
    const key = [id, where, evidence].join('\n');
    return !seen.has(key) && seen.add(key);
  });
  return { ...diagnosis, findings };
}
