import { storageApi } from '../../contract/google-storage.ts';
import { FetchFailure } from './failure.ts';
import { fetchHttp } from './http.ts';
import type { PartRequest, RemotePart } from './part.ts';

const scope = 'https://www.googleapis.com/auth/devstorage.read_only';

/**
 * Fetches `gs://BUCKET/OBJECT` from Cloud Storage: first anonymously, which is enough for public objects, then with the
 * credentials that google-auth-library finds, if it is installed. STORAGE_EMULATOR_HOST replaces Google's host.
 */
export async function fetchGcs({ url, ...request }: PartRequest): Promise<RemotePart> {
  const { origin } = storageApi(process.env);
  const object = encodeURIComponent(decodeURIComponent(url.pathname.slice(1)));
  const media = { ...request, url: new URL(`/storage/v1/b/${url.host}/o/${object}?alt=media`, origin) };
  try {
    return await fetchHttp(media);
  } catch (error) {
    if (!isForbidden(error)) {
      throw error;
    }
  }
  const token = await accessToken();
  try {
    return await fetchHttp(media, token === undefined ? {} : { authorization: `Bearer ${token}` });
  } catch (error) {
    if (!isForbidden(error)) {
      throw error;
    }
    const caller = token === undefined ? 'an anonymous request' : 'these credentials';
    throw new FetchFailure(`it refuses ${caller}`, {
      isTransient: false,
      hint: 'npm install google-auth-library, then gcloud auth application-default login',
      cause: error,
    });
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof FetchFailure && (error.status === 401 || error.status === 403);
}

async function accessToken(): Promise<string | undefined> {
  try {
    const { GoogleAuth } = await import('google-auth-library');
    return (await new GoogleAuth({ scopes: [scope] }).getAccessToken()) ?? undefined;
  } catch {
    return undefined;
  }
}
