import { isObject } from '../../contract/is-object.ts';
import { ColdpressError } from '../../errors.ts';

interface Row {
  code: string;
  matches(status: number, text: string): boolean;
  what: string;
  hint: string;
}

/** Known refusals of registries, which use various statuses for them; the first match applies. */
const rows: readonly Row[] = [
  {
    code: 'TAG_IMMUTABLE',
    // ECR, Harbor, Artifact Registry and Docker Hub in this order.
    matches: (_, text) =>
      /ImageTagAlreadyExists|immutable|tag .*already exists|cannot be (updated|overwritten)/i.test(text),
    what: 'does not replace a tag that exists',
    hint: 'choose another tag; the pushed image stays available by its digest',
  },
  {
    code: 'REGISTRY_FULL',
    matches: (status, text) =>
      status === 507 || /no space left|quota|storage limit|insufficient storage/i.test(text),
    what: 'has no space for the image',
    hint: 'remove old images there, or raise the quota; what was pushed is not pushed again',
  },
  {
    code: 'REGISTRY_RATE_LIMITED',
    matches: (status, text) => status === 429 || /TOOMANYREQUESTS/.test(text),
    what: 'limits the rate of requests',
    hint: 'wait and run it again; registries grant more to who is logged in: docker login',
  },
  {
    code: 'REGISTRY_DENIED',
    matches: status => status === 401 || status === 403,
    what: 'refuses access',
    hint: 'log in with an account that has the right: docker login, aws ecr get-login-password, gcloud auth configure-docker, az acr login',
  },
  {
    code: 'REGISTRY_DIGEST',
    matches: (_, text) => /DIGEST_INVALID/.test(text),
    what: 'received other bytes than were sent',
    hint: 'run it again; a proxy on the way may change them',
  },
  {
    code: 'REGISTRY_DENIED',
    matches: status => status === 405,
    what: 'is read-only',
    hint: 'a mirror or a cache accepts no images: push to the registry itself',
  },
  {
    code: 'REGISTRY_NOT_FOUND',
    matches: (status, text) => status === 404 && /MANIFEST_UNKNOWN/.test(text),
    what: 'has no image with this tag or digest',
    hint: 'check the tag: it may have been deleted, or never pushed',
  },
  {
    code: 'REGISTRY_NOT_FOUND',
    matches: status => status === 404,
    what: 'has no such image or repository',
    hint: 'check the name; in ECR and Artifact Registry a repository is made before the first push: aws ecr create-repository',
  },
];

/** @param what - the image or blob that failed: `docker.io/library/node:24` */
export async function registryFailure(what: string, response: Response): Promise<ColdpressError> {
  const text = await response.text().catch(() => '');
  const {
    code,
    what: refusal,
    hint,
  } = rows.find(row => row.matches(response.status, text)) ??
  ({
    code: 'REGISTRY_FAILED',
    what: 'refuses the request',
    hint: 'run it again later; what was pushed is not pushed again',
  } satisfies Omit<Row, 'matches'>);
  const reason = reasonOf(text);
  return new ColdpressError(code, `${what}: the registry ${refusal} (${response.status}${reason})`, { hint });
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
function reasonOf(text: string): string {
  try {
    const { errors } = JSON.parse(text);
    const [first] = Array.isArray(errors) ? errors : [];
    const parts = isObject(first) ? [first.code, first.message] : [];
    const known = parts.filter(part => typeof part === 'string' && part !== '');
    return known.length === 0 ? '' : `, ${known.join(': ').slice(0, 300)}`;
  } catch {
    return '';
  }
}
