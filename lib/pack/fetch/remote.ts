import { fetchGcs } from './gcs.ts';
import { fetchHttp } from './http.ts';
import type { FetchPart } from './part.ts';
import { fetchS3 } from './s3.ts';

/** Stores, by the scheme of their URLs. */
export const stores: Readonly<Record<string, FetchPart>> = {
  'https:': fetchHttp,
  'http:': fetchHttp,
  's3:': fetchS3,
  'gs:': fetchGcs,
};

/** Whether a model is given as a URL that coldpress can fetch, not as a path. */
export function isRemote(model: string): boolean {
  return URL.canParse(model) && Object.hasOwn(stores, new URL(model).protocol);
}
