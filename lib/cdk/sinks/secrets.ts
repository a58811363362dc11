import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import type { SecretReference, Setting, SinksSettings } from '../../contract/settings.ts';
import { errorAt } from '../error-at.ts';
import type { ModelFunction } from '../model-function.ts';
import { wireSetting } from './settings.ts';

/** A secret of Secrets Manager, or a parameter of SSM. */
export type SecretResource = ISecret | IParameter;

/**
 * Lets the function read exactly the secrets that the config refers to.
 * @throws ColdpressError SECRET_WITHOUT_GRANT, SECRET_KIND, SECRET_UNKNOWN
 */
export function connectSecrets(fn: ModelFunction, resources: Record<string, SecretResource>): void {
  if (fn.manifest === undefined) {
    return;
  }
  const unused = new Set(Object.keys(resources));
  for (const reference of references(fn.manifest.sinks)) {
    const [kind, setting] = Object.entries(reference)[0] as [
      'secretsManager' | 'ssm' | 'secretManager',
      Setting,
    ];
    const name = typeof setting === 'string' ? setting : setting.env;
    const resource = resources[name];
    if (resource === undefined) {
      throw errorAt(fn, '', {
        code: 'SECRET_WITHOUT_GRANT',
        message: `the config refers to the secret "${name}", but the function has no permission to read it`,
        hint: `secrets: { '${name}': secret } in the construct's props`,
      });
    }
    const isSecret = 'secretArn' in resource;
    if (isSecret !== (kind === 'secretsManager') || kind === 'secretManager') {
      throw errorAt(fn, '', {
        code: 'SECRET_KIND',
        message: `the config has "${name}" in ${kind}, and the construct has ${isSecret ? 'a secret of Secrets Manager' : 'a parameter of Systems Manager'}`,
        hint: 'secretsManager for a Secret, ssm for a StringParameter',
      });
    }
    unused.delete(name);
    wireSetting(fn, setting, isSecret ? resource.secretArn : resource.parameterName);
    grantReading(fn, resource);
  }
  const [first] = unused;
  if (first !== undefined) {
    throw errorAt(fn, '', {
      code: 'SECRET_UNKNOWN',
      message: `secrets has "${first}", which the config does not refer to`,
      hint: 'name it as the config does: by the environment variable, or by the literal name',
    });
  }
}

function references({ results, failures }: SinksSettings): SecretReference[] {
  return [results, failures]
    .flatMap(sink => (sink?.type === 'webhook' ? Object.values(sink.headers) : []))
    .filter((value): value is SecretReference => typeof value === 'object' && !('env' in value));
}

function grantReading(fn: ModelFunction, resource: SecretResource & { encryptionKey?: IKey }): void {
  const [action, arn] =
    'secretArn' in resource
      ? ['secretsmanager:GetSecretValue', policyArn(resource)]
      : ['ssm:GetParameter', resource.parameterArn];
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: [action], resources: [arn] }));
  resource.encryptionKey?.grant(fn, 'kms:Decrypt');
}

/**
 * The ARN to use in policies. A secret imported by name has an ARN without the final six characters, which policies
 * compare.
 */
function policyArn({ secretFullArn, secretArn }: ISecret): string {
  return secretFullArn ?? `${secretArn}-??????`;
}
