/** Tokens are renewed this long before they expire. */
const marginMs = 60_000;

export type GetToken = () => Promise<string>;

/**
 * Returns access tokens of the function's own service account from the metadata server, cached until they expire.
 * https://cloud.google.com/run/docs/securing/service-identity#fetch_tokens
 */
export function googleTokens(env: NodeJS.ProcessEnv): GetToken {
  const host = env.GCE_METADATA_HOST ?? 'metadata.google.internal';
  const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`;
  let token = '';
  let endMs = 0;
  return async () => {
    if (Date.now() > endMs - marginMs) {
      const response = await fetch(url, { headers: { 'metadata-flavor': 'Google' } });
      if (!response.ok) {
        throw new Error(`the metadata server answers ${response.status} for an access token`);
      }
      const answer = (await response.json()) as { access_token: string; expires_in: number };
      token = answer.access_token;
      endMs = Date.now() + 1000 * answer.expires_in;
    }
    return token;
  };
}
