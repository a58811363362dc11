import * as cdk from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells cdk-nag why a policy of ours names resources by a wildcard: that very one, so that one of the user's own on
 * the same role is found all the same.
 */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  const name = flatten(cdk.Stack.of(scope).resolve(resource));
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${name}]`, reason);
}

export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  // By its name in the module: older releases do not have it, nor the cdk-nag that asks it.
  cdk.Validations?.of(scope).acknowledge({ id, reason });
}

/** A reference as cdk-nag spells it in its findings. */
function flatten(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  if ('Ref' in value) {
    return `<${value.Ref}>`;
  }
  if ('Fn::GetAtt' in value) {
    return `<${(value['Fn::GetAtt'] as string[]).join('.')}>`;
  }
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(flatten).join(separator);
  }
  return JSON.stringify(value);
}
