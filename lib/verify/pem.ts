import { readFileSync } from 'node:fs';

/** A block of PEM: https://www.rfc-editor.org/rfc/rfc7468 */
export interface PemBlock {
  /** `PUBLIC KEY`, `CERTIFICATE`, … */
  label: string;
  /** The whole block, with its first and last line. */
  pem: string;
}

export function pemBlocks(text: string): PemBlock[] {
  const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g);
  return [...blocks].map(([pem, label]) => ({ label: label!, pem }));
}

/**
 * Reads a file of keys or certificates.
 * @param invalid - makes the error for a file that cannot be read, or is empty; the problem continues `PATH …`
 */
export function readPem(path: string, invalid: (problem: string, cause?: unknown) => Error): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid(
      (cause as NodeJS.ErrnoException).code === 'EISDIR'
        ? 'is a folder, not a file'
        : `cannot be read: ${(cause as NodeJS.ErrnoException).code}`,
      cause,
    );
  }
  if (text.trim() === '') {
    throw invalid('is empty');
  }
  return text;
}
