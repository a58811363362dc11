import type { SecretReference } from '../../contract/settings.ts';
import { loadChunk } from '../platform/load-chunk.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';

/** Returns the text of a secret. Errors never contain its value. */
export async function readSecret(reference: SecretReference, env: NodeJS.ProcessEnv): Promise<string> {
  if ('secretsManager' in reference) {
    const { readSecretsManager } =
      await loadChunk<typeof import('./secrets-manager.ts')>('secrets/secrets-manager');
    return readSecretsManager(resolveSetting(reference.secretsManager, env));
  }
  if ('ssm' in reference) {
    const { readParameter } = await loadChunk<typeof import('./ssm.ts')>('secrets/ssm');
    return readParameter(resolveSetting(reference.ssm, env));
  }
  const { readSecretManager } =
    await loadChunk<typeof import('./secret-manager.ts')>('secrets/secret-manager');
  return readSecretManager(resolveSetting(reference.secretManager, env), env);
}
