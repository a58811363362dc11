import { ColdpressError } from '../errors.ts';
import type { ResolvedPlace } from './place.ts';

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const status = { notFound: 5, alreadyExists: 6, denied: 7, exhausted: 8, unauthenticated: 16 } as const;

/** An error of Google's API, or of its client, as far as what it says has a name. */
interface ApiError extends Error {
  code?: number | string;
  details?: string;
}

export function isNotFound(error: unknown): boolean {
  return (error as ApiError).code === status.notFound;
}

/** An error of Google's as one that says what to do; any other as it is. */
export function explain(error: unknown, { project, region }: ResolvedPlace, what: string): unknown {
  const { code, message } = error as ApiError;
  if (error instanceof ColdpressError || !(error instanceof Error)) {
    return error;
  }
  const tell = (name: string, hint: string) =>
    new ColdpressError(name, `${what}: ${message}`, { hint, cause: error });
  switch (code) {
    case status.denied:
      return tell(
        'GCP_FORBIDDEN',
        `the account needs roles/cloudfunctions.developer and roles/iam.serviceAccountUser in ${project}, and the ` +
          `APIs on: gcloud services enable cloudfunctions.googleapis.com run.googleapis.com cloudbuild.googleapis.com`,
      );
    case status.unauthenticated:
      return tell('GCP_UNAUTHENTICATED', 'gcloud auth application-default login');
    case status.notFound:
      return tell('GCP_NOT_FOUND', `check --project ${project}, --region ${region} and the name`);
    case status.exhausted:
      return tell('GCP_QUOTA', `https://console.cloud.google.com/iam-admin/quotas?project=${project}`);
    case status.alreadyExists:
      return tell('GCP_EXISTS', 'another deployment of this function is under way; run the command again');
    default:
      break;
  }
  if (/default credentials/i.test(message)) {
    return tell('GCP_UNAUTHENTICATED', 'gcloud auth application-default login');
  }
  return code === undefined ? error : tell('GCP_FAILED', 'the message is Google’s own');
}
