import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Reads a secret of AWS Secrets Manager by its name or ARN. @throws Error if it is not text */
export async function readSecretsManager(id: string): Promise<string> {
  const { SecretString } = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: id }),
  );
  if (SecretString === undefined) {
    throw new Error(`the secret ${id} is not text`);
  }
  return SecretString;
}
