import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { Fact } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';

/** Warns of a region that nobody heard of: it is misspelt, or newer than the aws-cdk-lib at hand, which may deploy all the same. */
export function checkRegion(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region) && !Fact.regions.includes(region)) {
    Annotations.of(scope).addWarningV2(
      'coldpress:unknownRegion',
      `aws-cdk-lib knows no region "${region}"; check its name, or see whether Lambda is offered there and update aws-cdk-lib`,
    );
  }
}
