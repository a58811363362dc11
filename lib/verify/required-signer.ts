import { ColdpressError } from '../errors.ts';

/** Whose signature is required. Paths are absolute. */
export type RequiredSigner =
  /** The owner of a public key, in PEM. */
  | { kind: 'key'; path: string }
  /** The owner of a certificate that one of the authorities in a PEM file has issued, perhaps for one name alone. */
  | { kind: 'certificate'; path: string; identity?: string }
  /**
   * The one that a provider of identities has authenticated as such, by a certificate of the sigstore authorities in a
   * trusted root, or of the public ones.
   */
  | { kind: 'identity'; identity: string; issuer: string; trustedRoot?: string };

/** As a config or flags name a signer. Paths are relative to wherever that stands. */
export interface SignerOptions {
  /** A public key, in PEM. */
  key?: string | undefined;
  /** Certificates of the authorities that may have issued the signer's, in PEM. */
  certificate?: string | undefined;
  /** The signer's name in its certificate: an email address, or the URI of a workflow. */
  identity?: string | undefined;
  /** Who authenticated that identity: `https://token.actions.githubusercontent.com`. */
  issuer?: string | undefined;
  /** A trusted root of sigstore, in JSON. Default: that of the public sigstore, as coldpress pins it. */
  trustedRoot?: string | undefined;
}

/**
 * Resolves the options to the one signer that they name; `undefined` for none.
 * @param resolve - makes paths absolute
 * @throws ColdpressError SIGNER_INVALID for none in part, or several
 */
export function resolveSigner(
  { key, certificate, identity, issuer, trustedRoot }: SignerOptions,
  resolve: (path: string) => string,
): RequiredSigner | undefined {
  const others = { certificate, identity, issuer, trustedRoot };
  if (key !== undefined) {
    refuseOthers('key', others);
    return { kind: 'key', path: resolve(key) };
  }
  if (certificate !== undefined) {
    refuseOthers('certificate', { issuer, trustedRoot });
    return { kind: 'certificate', path: resolve(certificate), ...(identity !== undefined && { identity }) };
  }
  if (identity !== undefined && issuer !== undefined) {
    return {
      ...{ kind: 'identity', identity, issuer },
      ...(trustedRoot !== undefined && { trustedRoot: resolve(trustedRoot) }),
    };
  }
  const alone = Object.entries({ identity, issuer, trustedRoot }).find(([, value]) => value !== undefined);
  if (alone === undefined) {
    return undefined;
  }
  throw noSigner(`${alone[0]} alone names no signer`);
}

function refuseOthers(name: string, others: Record<string, string | undefined>): void {
  const other = Object.keys(others).find(each => others[each] !== undefined);
  if (other !== undefined) {
    throw noSigner(`${name} and ${other} exclude each other`);
  }
}

/** What names a signer at least. */
export function noSigner(message: string): ColdpressError {
  return new ColdpressError('SIGNER_INVALID', message, {
    hint: 'name a key; or a certificate, perhaps with an identity; or an identity with its issuer',
  });
}
