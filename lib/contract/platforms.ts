/** The memory that brings one vCPU on AWS Lambda. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const lambdaMbPerVcpu = 1769;

/**
 * What AWS Lambda takes and returns in one piece.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the response's is the one that its errors name.
 */
export const lambdaPayloadBytes = { request: 6_291_456, response: 6_291_556 } as const;

/**
 * What AWS Lambda streams of an answer, to a Function URL or a REST API: 200 MB.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export const lambdaStreamedBytes = 209_715_200;

/** What Cloud Run takes and returns over HTTP/1. https://cloud.google.com/run/quotas */
export const cloudRunPayloadBytes = 32 * 2 ** 20;

/** What names the port of a container's server: Vertex AI, SageMaker, all others. The first that is set. */
export const portVariables = ['AIP_HTTP_PORT', 'SAGEMAKER_BIND_TO_PORT', 'PORT'] as const;

/**
 * What the server takes and returns on SageMaker. AWS's pages have had 6 MB and 25 MB as the limit of a real-time endpoint; the
 * greater one, for the platform refuses by itself what is too large for it.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model-options.html
 */
export const sageMakerPayloadBytes = 25 * 2 ** 20;

/** The argument that has the server score a bucket's objects, and the variables that name them and where results go. */
export const jobArgument = 'job';
export const jobVariables = { input: 'COLDPRESS_JOB_INPUT', output: 'COLDPRESS_JOB_OUTPUT' } as const;
