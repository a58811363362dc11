import { FetchFailure } from './failure.ts';
import { fetchHttp } from './http.ts';
import type { PartRequest, RemotePart } from './remote.ts';

const scope = 'https://www.googleapis.com/auth/devstorage.read_only';

/**
 * Fetches `gs://BUCKET/OBJECT` from Cloud Storage: as whom google-auth-library finds, where it is installed and finds
 * somebody, else as nobody, which does for public objects. STORAGE_EMULATOR_HOST comes before Google's.
 */
export async function fetchGcs({ url, ...request }: PartRequest): Promise<RemotePart> {
  const host = process.env.STORAGE_EMULATOR_HOST ?? 'https://storage.googleapis.com';
  const object = encodeURIComponent(decodeURIComponent(url.pathname.slice(1)));
  const media = new URL(`/storage/v1/b/${url.host}/o/${object}?alt=media`, host);
  const token = await accessToken();
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    return await fetchHttp({ ...request, url: media }, headers);
  } catch (error) {
    if (error instanceof FetchFailure && (error.status === 401 || error.status === 403)) {
      throw new FetchFailure(
        `${error.message} to ${token === undefined ? 'an anonymous request' : 'these credentials'}`,
        {
          isTransient: false,
          hint: 'npm install google-auth-library, then gcloud auth application-default login',
        },
      );
    }
    throw error;
  }
}

async function accessToken(): Promise<string | undefined> {
  try {
    const { GoogleAuth } = await import('google-auth-library');
    return (await new GoogleAuth({ scopes: [scope] }).getAccessToken()) ?? undefined;
  } catch {
    return undefined;
  }
}
