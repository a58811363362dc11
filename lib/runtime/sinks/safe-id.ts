import { createHash } from 'node:crypto';

/** An identifier as services take one, of at most 128 characters; what is not such becomes its SHA-256. */
export function safeId(id: string): string {
  return /^[A-Za-z0-9_-]{1,128}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}
