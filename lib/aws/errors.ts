import { ColdpressError } from '../errors.ts';

/** An error of the AWS client. */
interface ClientError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

type Explanation = [names: RegExp, explain: (message: string) => ColdpressError];

const explanations: Explanation[] = [
  [
    /^ResourceNotFoundException$/,
    message =>
      new ColdpressError('AWS_FUNCTION_NOT_FOUND', message, {
        hint: 'check its name and alias, AWS_PROFILE and the region',
      }),
  ],
  [
    /^(CredentialsProviderError|UnrecognizedClientException|InvalidSignatureException|ExpiredTokenException|TokenProviderError)$/,
    message =>
      new ColdpressError('AWS_CREDENTIALS', message, {
        hint: 'sign in, as with aws sso login, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      }),
  ],
  [
    /^AccessDenied(Exception)?$/,
    message =>
      new ColdpressError('AWS_DENIED', message, {
        hint: `ask an administrator for the permission ${/\b(lambda|logs):\w+/.exec(message)?.[0] ?? 'lambda:InvokeFunction'}`,
      }),
  ],
  [
    /^(TooManyRequests|Throttling)Exception$/,
    message =>
      new ColdpressError('AWS_THROTTLED', message, {
        hint: "try again, or raise the function's concurrency",
      }),
  ],
  [
    /^(ECONNREFUSED|ENOTFOUND|ECONNRESET|EAI_AGAIN|ETIMEDOUT|TimeoutError)$/,
    message =>
      new ColdpressError('AWS_UNREACHABLE', `AWS cannot be reached: ${message}`, {
        hint: 'check --endpoint-url, the region and the network',
      }),
  ],
];

/** Explains an error of the AWS client in our own words; returns any other error unchanged. */
export function explainAwsError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const { name, code, message, $metadata } = error as ClientError;
  if (/^Region (is missing|not accepted)/.test(message)) {
    return new ColdpressError('AWS_REGION', `no region is named: ${message}`, {
      hint: '--region eu-central-1, or AWS_REGION',
    });
  }
  if (code === 'ERR_INVALID_URL') {
    return new ColdpressError(
      'OPTION_INVALID',
      `AWS_ENDPOINT_URL, or endpoint_url of the profile, is not a URL: ${message}`,
      {
        hint: 'Use a URL: http://127.0.0.1:9000',
        cause: error,
      },
    );
  }
  const known = explanations.find(([names]) => names.test(name) || names.test(code ?? ''));
  if (known !== undefined) {
    return known[1](message || code || name);
  }
  return $metadata?.httpStatusCode === undefined
    ? error
    : new ColdpressError('AWS_REFUSED', `${name}: ${message}`, {
        hint: 'fix the problem that AWS reports',
        cause: error,
      });
}
