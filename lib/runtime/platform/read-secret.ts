import type { SecretReference } from '../../contract/settings.ts';
import { loadChunk } from './load-chunk.ts';
import { resolveSetting } from './resolve-setting.ts';

/** The text of a secret. Its value goes into no error. */
export async function readSecret(reference: SecretReference, env: NodeJS.ProcessEnv): Promise<string> {
  if ('secretsManager' in reference) {
    const { readSecretsManager } = await loadChunk('platform/secrets-manager');
    return readSecretsManager(resolveSetting(reference.secretsManager, env));
  }
  if ('ssm' in reference) {
    const { readParameter } = await loadChunk('platform/ssm');
    return readParameter(resolveSetting(reference.ssm, env));
  }
  const { readSecretManager } = await loadChunk('platform/secret-manager');
  return readSecretManager(resolveSetting(reference.secretManager, env), env);
}
