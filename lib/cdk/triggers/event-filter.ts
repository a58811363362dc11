import type { FilterCriteria } from 'aws-cdk-lib/aws-lambda';

/** A pattern of records that invoke the function, made by `lambda.FilterCriteria.filter`. */
export type EventFilter = ReturnType<typeof FilterCriteria.filter>;
