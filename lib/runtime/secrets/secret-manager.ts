import { googleTokens } from '../platform/google-token.ts';

/** Reads a secret of Google's Secret Manager: `projects/PROJECT/secrets/NAME`, by default its latest version. */
export async function readSecretManager(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const version = name.includes('/versions/') ? name : `${name}/versions/latest`;
  const origin = env.SECRET_MANAGER_EMULATOR_HOST
    ? `http://${env.SECRET_MANAGER_EMULATOR_HOST}`
    : 'https://secretmanager.googleapis.com';
  const response = await fetch(`${origin}/v1/${version}:access`, {
    headers: { authorization: `Bearer ${await googleTokens(env)()}` },
  });
  if (!response.ok) {
    throw new Error(`Secret Manager answers ${response.status} for ${name}`);
  }
  const { payload } = (await response.json()) as { payload: { data: string } };
  return Buffer.from(payload.data, 'base64').toString('utf8');
}
