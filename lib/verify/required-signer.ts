import { ColdpressError } from '../errors.ts';

/** The required signer. Paths are absolute. */
export type RequiredSigner =
  /** The owner of a public key (PEM). */
  | { kind: 'key'; path: string }
  /** The owner of a certificate that an authority in a PEM file issued, optionally only for one name. */
  | { kind: 'certificate'; path: string; identity?: string }
  /**
   * The identity that an identity provider authenticated, with a certificate of the sigstore authorities in a trusted
   * root, or of the public ones.
   */
  | { kind: 'identity'; identity: string; issuer: string; trustedRoot?: string };

/** A signer as a config or flags specify it. Paths are relative to the config or the working folder. */
export interface SignerOptions {
  /** A public key (PEM). */
  key?: string | undefined;
  /** Certificates of the authorities that may have issued the signer's certificate (PEM). */
  certificate?: string | undefined;
  /** The signer's name in its certificate: an email address, or the URI of a workflow. */
  identity?: string | undefined;
  /** The provider that authenticated the identity: `https://token.actions.githubusercontent.com`. */
  issuer?: string | undefined;
  /** A sigstore trusted root (JSON). Default: that of the public sigstore, as pinned by coldpress. */
  trustedRoot?: string | undefined;
}

/**
 * Resolves the options to the signer that they specify; `undefined` for none.
 * @param resolve - makes paths absolute
 * @throws ColdpressError SIGNER_INVALID for an incomplete signer, or several
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
      kind: 'identity',
      identity,
      issuer,
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
    throw noSigner(`${name} and ${other} cannot be combined`);
  }
}

/** Makes an error whose hint lists the options that specify a signer. */
export function noSigner(message: string): ColdpressError {
  return new ColdpressError('SIGNER_INVALID', message, {
    hint: 'set a key, or a certificate (optionally with an identity), or an identity with its issuer',
  });
}
