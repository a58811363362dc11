import { ColdpressError } from '../../errors.ts';

/**
 * Downloads from a URL that a platform has signed, which accepts no other authorization.
 * @throws ColdpressError DEPLOYED_UNREADABLE
 */
export async function download(url: string | null | undefined, name: string): Promise<Uint8Array> {
  const response = await fetch(url ?? '').catch(cause => {
    throw failed(name, (cause as Error).message, cause);
  });
  if (!response.ok) {
    throw failed(name, `HTTP ${response.status}`);
  }
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw failed(name, (cause as Error).message, cause);
  }
}

function failed(name: string, why: string, cause?: unknown): ColdpressError {
  return new ColdpressError('DEPLOYED_UNREADABLE', `${name} could not be downloaded: ${why}`, {
    hint: 'check the network and run the command again',
    cause,
  });
}
