import { readFile } from 'node:fs/promises';
import type { protos } from '@google-cloud/functions';
import { ColdpressError } from '../errors.ts';

/** https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/generateUploadUrl */
const headers = { 'content-type': 'application/zip' };

/**
 * Uploads the source's zip to the URL that Google has signed, which accepts no other authorization.
 * @throws ColdpressError UPLOAD_FAILED
 */
export async function uploadSource(
  { uploadUrl, storageSource }: protos.google.cloud.functions.v2.IGenerateUploadUrlResponse,
  zipPath: string,
): Promise<protos.google.cloud.functions.v2.IStorageSource> {
  const body = await readFile(zipPath);
  const response = await fetch(uploadUrl!, { method: 'PUT', headers, body }).catch(cause => {
    throw failed((cause as Error).message, cause);
  });
  if (!response.ok) {
    throw failed(`${response.status} ${(await response.text()).slice(0, 200)}`);
  }
  return storageSource!;
}

function failed(message: string, cause?: unknown): ColdpressError {
  return new ColdpressError('UPLOAD_FAILED', `the source was rejected: ${message}`, {
    hint: 'nothing was changed; run the command again',
    cause,
  });
}
