import * as v from 'valibot';

/** Whose signature the model must have. */
export const verifySchema = v.strictObject({
  /**
   * A public key, in PEM.
   * @default none
   * @example key: './publisher.pub.pem'
   */
  key: v.optional(v.string()),
  /**
   * The authorities that may have issued the signer's certificate, each up to the root, in PEM.
   * @default none
   */
  certificate: v.optional(v.string()),
  /**
   * The signer's name in its certificate, in full: an email address, or the URI of a workflow. Alone with
   * `certificate`, or with `issuer`.
   * @default none
   * @example identity: 'https://github.com/me/churn/.github/workflows/train.yml@refs/heads/main'
   */
  identity: v.optional(v.string()),
  /**
   * The issuer that authenticated this identity for sigstore.
   * @default none
   * @example issuer: 'https://token.actions.githubusercontent.com'
   */
  issuer: v.optional(v.string()),
  /**
   * With `identity` and `issuer`: the trusted root of sigstore, in JSON.
   * @default that of the public sigstore, which coldpress contains
   */
  trustedRoot: v.optional(v.string()),
  /**
   * The file of the signature.
   * @default the model's name with `.sig`: next to the model, or for a URL next to the config
   */
  signature: v.optional(v.string()),
  /**
   * What the signer must call the model. Set it if the signer signs several models with files of equal names.
   * @default any name
   */
  subject: v.optional(v.string()),
});
