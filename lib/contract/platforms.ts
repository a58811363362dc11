/** Memory for one vCPU on AWS Lambda. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const lambdaMbPerVcpu = 1769;

/**
 * Maximum size of AWS Lambda's buffered requests and responses. The response limit is the one in Lambda's errors.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const lambdaPayloadBytes = { request: 6_291_456, response: 6_291_556 } as const;

/**
 * Maximum size of a response that AWS Lambda streams to a Function URL or a REST API: 200 MB.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export const lambdaStreamedBytes = 209_715_200;

/** Maximum size of Cloud Run's HTTP/1 requests and responses. https://cloud.google.com/run/quotas */
export const cloudRunPayloadBytes = 32 * 2 ** 20;

/** Variables with the port of a container's server: Vertex AI, SageMaker, all others. The first that is set is used. */
export const portVariables = ['AIP_HTTP_PORT', 'SAGEMAKER_BIND_TO_PORT', 'PORT'] as const;

/**
 * Maximum size of requests and responses on SageMaker. AWS's pages have given 6 MB and 25 MB as the limit of a
 * real-time endpoint. This is the larger one, because the platform itself rejects requests that are too large for it.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model-options.html
 */
export const sageMakerPayloadBytes = 25 * 2 ** 20;

/** The argument that makes the server score a bucket's objects, and the variables of the job. */
export const jobArgument = 'job';
export const jobVariables = {
  input: 'COLDPRESS_JOB_INPUT',
  output: 'COLDPRESS_JOB_OUTPUT',
  partBytes: 'COLDPRESS_JOB_PART_BYTES',
} as const;
