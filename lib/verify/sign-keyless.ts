import type { Bundle } from '@sigstore/bundle';
import type { IdentityProvider } from '@sigstore/sign';
import { ColdpressError } from '../errors.ts';
import { payloadType } from './statement.ts';

export interface KeylessOptions {
  /** Service that issues a certificate for the identity. @default the public sigstore */
  fulcioUrl?: string | undefined;
  /** Log that proves the time of signing. @default the public sigstore */
  rekorUrl?: string | undefined;
  env: NodeJS.ProcessEnv;
}

/** The audience of the token. https://docs.sigstore.dev/certificate_authority/oidc-in-fulcio/ */
const audience = 'sigstore';

/**
 * Signs a statement with the identity of a CI job; no key is stored anywhere.
 * @throws ColdpressError IDENTITY_TOKEN_MISSING, SIGNING_FAILED
 */
export async function signKeyless(
  payload: Buffer<ArrayBuffer>,
  { fulcioUrl, rekorUrl, env }: KeylessOptions,
): Promise<Bundle> {
  // Imported lazily, because it loads npm's HTTP client.
  const {
    CIContextProvider,
    DEFAULT_FULCIO_URL,
    DEFAULT_REKOR_URL,
    DSSEBundleBuilder,
    FulcioSigner,
    RekorWitness,
  } = await import('@sigstore/sign');
  const token = env.SIGSTORE_ID_TOKEN;
  const onActions = env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!token && !onActions) {
    throw new ColdpressError('IDENTITY_TOKEN_MISSING', 'there is no identity to sign with, and no --key', {
      hint: [
        'With a key of your own: openssl genpkey -algorithm ed25519 -out private.pem, then --key private.pem.',
        'On GitHub Actions: permissions: id-token: write.',
        'Elsewhere: an OIDC token for the audience sigstore in SIGSTORE_ID_TOKEN.',
      ].join(' '),
    });
  }
  const identityProvider: IdentityProvider = token
    ? { getToken: async () => token }
    : new CIContextProvider(audience);
  const builder = new DSSEBundleBuilder({
    signer: new FulcioSigner({ fulcioBaseURL: fulcioUrl ?? DEFAULT_FULCIO_URL, identityProvider }),
    witnesses: [new RekorWitness({ rekorBaseURL: rekorUrl ?? DEFAULT_REKOR_URL })],
  });
  try {
    return await builder.create({ data: payload, type: payloadType });
  } catch (cause) {
    const reason = (cause as { cause?: Error }).cause?.message;
    const message = `${(cause as Error).message}${reason === undefined ? '' : `: ${reason}`}`;
    throw new ColdpressError('SIGNING_FAILED', `the artifact was not signed: ${message}`, {
      hint: 'check the token and the URLs of --fulcio-url and --rekor-url; nothing was written',
      cause,
    });
  }
}
