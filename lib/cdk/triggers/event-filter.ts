import type { FilterCriteria } from 'aws-cdk-lib/aws-lambda';

/** What `lambda.FilterCriteria.filter` makes: a pattern of the records that invoke the function. */
export type EventFilter = ReturnType<typeof FilterCriteria.filter>;
