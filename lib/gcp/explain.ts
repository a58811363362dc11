import { ColdpressError } from '../errors.ts';
import type { ResolvedPlace } from './place.ts';

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const status = { notFound: 5, alreadyExists: 6, denied: 7, exhausted: 8, unauthenticated: 16 } as const;

/** The permissions that a deployment needs, by what is deployed. */
const needed = {
  functions: {
    role: 'roles/cloudfunctions.developer',
    apis: 'cloudfunctions.googleapis.com run.googleapis.com cloudbuild.googleapis.com',
  },
  run: { role: 'roles/run.developer', apis: 'run.googleapis.com' },
} as const;

/** The used fields of an error of Google's API or client. */
interface ApiError extends Error {
  code?: number | string;
  details?: string;
}

export function isNotFound(error: unknown): boolean {
  return (error as ApiError).code === status.notFound;
}

/** Converts an error of Google's API to one that says what to do; returns any other unchanged. */
export function explain(
  error: unknown,
  { project, region }: ResolvedPlace,
  what: string,
  rights: keyof typeof needed = 'functions',
): unknown {
  const { code, message } = error as ApiError;
  if (error instanceof ColdpressError || !(error instanceof Error)) {
    return error;
  }
  const explained = (name: string, hint: string) =>
    new ColdpressError(name, `${what}: ${message}`, { hint, cause: error });
  switch (code) {
    case status.denied:
      return explained(
        'GCP_FORBIDDEN',
        `the account needs ${needed[rights].role} and roles/iam.serviceAccountUser in ${project}, and the ` +
          `APIs on: gcloud services enable ${needed[rights].apis}`,
      );
    case status.unauthenticated:
      return explained('GCP_UNAUTHENTICATED', 'gcloud auth application-default login');
    case status.notFound:
      return explained('GCP_NOT_FOUND', `check --project ${project}, --region ${region} and the name`);
    case status.exhausted:
      return explained('GCP_QUOTA', `https://console.cloud.google.com/iam-admin/quotas?project=${project}`);
    case status.alreadyExists:
      return explained('GCP_EXISTS', 'another deployment is under way; run the command again');
    default:
      break;
  }
  if (/default credentials/i.test(message)) {
    return explained('GCP_UNAUTHENTICATED', 'gcloud auth application-default login');
  }
  return code === undefined ? error : explained('GCP_FAILED', 'the message is Google’s own');
}

/** Adds what is serving now. After a failed update, the previous revision still serves. */
export function withConsequence(error: unknown, existed: boolean): unknown {
  if (!existed || !(error instanceof ColdpressError) || error.code === 'OPERATION_TIMEOUT') {
    return error;
  }
  return new ColdpressError(error.code, `${error.message}; the previous revision keeps serving`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    cause: error.cause,
  });
}
