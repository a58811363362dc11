import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { FileEntry } from '../contract/manifest.ts';
import { explainIssue } from '../schema-issue.ts';
import type { Contents } from './contents.ts';

export const payloadType = 'application/vnd.in-toto+json';
const predicateType = 'https://model_signing/signature/v1.0';

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const statementSchema = v.object({
  _type: v.literal('https://in-toto.io/Statement/v1'),
  subject: v.tuple([v.object({ name: v.string(), digest: v.object({ sha256: digest }) })]),
  predicateType: v.literal(predicateType),
  predicate: v.object({
    serialization: v.optional(v.object({ method: v.optional(v.string()) })),
    resources: v.array(v.object({ name: v.string(), algorithm: v.literal('sha256'), digest })),
  }),
});

/**
 * Makes the text to sign: an in-toto statement of every file with its SHA-256, as in OpenSSF Model Signing, so that the
 * signature also covers the manifest. https://github.com/ossf/model-signing-spec
 */
export async function makeStatement(name: string, contents: Contents): Promise<string> {
  const resources = [];
  for (const path of contents.paths) {
    resources.push({ name: path, algorithm: 'sha256', digest: await contents.sha256(path) });
  }
  return JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256: rootOf(resources) } }],
    predicateType,
    predicate: {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: [] },
      resources,
    },
  });
}

/** The signed files. */
export interface SignedFiles {
  /** The signer's name for the whole. */
  name: string;
  files: Pick<FileEntry, 'path' | 'sha256'>[];
}

/** Reads the files that a statement lists. @throws Error if the text is not such a statement */
export function readStatement(text: string): SignedFiles {
  const { success, output, issues } = v.safeParse(statementSchema, JSON.parse(text));
  if (!success) {
    throw new Error(explainIssue(issues[0]));
  }
  const { subject, predicate } = output;
  const [{ name, digest: found }] = subject;
  const method = predicate.serialization?.method ?? 'files';
  if (method !== 'files') {
    throw new Error(`it signs ${method}, where coldpress reads signatures of whole files`);
  }
  if (rootOf(predicate.resources) !== found.sha256) {
    throw new Error('its subject is not the digest of its files');
  }
  return { name, files: predicate.resources.map(item => ({ path: item.name, sha256: item.digest })) };
}

/** SHA-256 of the digests of all files, in the order of their names. */
function rootOf(resources: readonly { name: string; digest: string }[]): string {
  const hash = createHash('sha256');
  for (const { digest: hex } of [...resources].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(Buffer.from(hex, 'hex'));
  }
  return hash.digest('hex');
}
