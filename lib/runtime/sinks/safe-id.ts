import { createHash } from 'node:crypto';

/** Returns an identifier that services accept, of at most 128 characters; any other identifier becomes its SHA-256. */
export function safeId(id: string): string {
  return /^[A-Za-z0-9_-]{1,128}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}
