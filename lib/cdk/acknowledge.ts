import * as cdk from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Explains to cdk-nag why one of our policies names this resource by a wildcard. Only this resource is acknowledged, so
 * cdk-nag still reports the user's own wildcards on the same role.
 */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  const name = flatten(cdk.Stack.of(scope).resolve(resource));
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${name}]`, reason);
}

export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  // Accessed through the namespace, because older releases do not export it, nor have a cdk-nag that reads it.
  cdk.Validations?.of(scope).acknowledge({ id, reason });
}

/** Formats a reference as cdk-nag does in its findings. */
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
