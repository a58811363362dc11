import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { Fact } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';

/**
 * Warns about an unknown region: it is misspelt, or newer than the installed aws-cdk-lib, which may still be able to
 * deploy to it.
 */
export function checkRegion(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region) && !Fact.regions.includes(region)) {
    Annotations.of(scope).addWarningV2(
      'coldpress:unknownRegion',
      `aws-cdk-lib does not know the region "${region}"; check its name, or see whether Lambda is offered there and update aws-cdk-lib`,
    );
  }
}
