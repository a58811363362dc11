import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import { generateKeyPair } from './keys.ts';

/** What the log calls itself in its checkpoints. */
const logUrl = 'https://log.invalid';

/** A sigstore of its own: an authority and two logs, on this machine. */
export interface LocalSigstore {
  fulcioUrl: string;
  rekorUrl: string;
  /** A file: what to verify its signatures against. */
  trustedRoot: string;
  /** An OIDC token, which nobody signed: the authority here believes it. */
  token: (identity: string, issuer: string) => string;
  close: () => void;
}

/** @param options.logClock - what the log says when it recorded a signature. Default: now */
export async function startSigstore(
  dir: string,
  { name = 'sigstore', logClock }: { name?: string; logClock?: Date } = {},
): Promise<LocalSigstore> {
  const ctLog = await initializeCTLog(generateKeyPair());
  const authority = await initializeCA(generateKeyPair(), ctLog);
  const log = await initializeTLog(logUrl, generateKeyPair(), logClock);
  const fulcio = fulcioHandler(authority);
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.url === fulcio.path) {
      const { statusCode, response: answer } = await fulcio.fn(body);
      response.writeHead(statusCode, { 'content-type': 'application/json' }).end(answer);
    } else {
      const entry = await log.log(record(JSON.parse(body)));
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(entry));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const trustedRoot = join(dir, `${name}-root.json`);
  const logOf = (publicKey: Buffer) => ({
    baseUrl: logUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: publicKey.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: '2000-01-01T00:00:00Z' },
    },
    logId: { keyId: createHash('sha256').update(publicKey).digest('base64') },
  });
  writeFileSync(
    trustedRoot,
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logOf(log.publicKey)],
      ctlogs: [logOf(ctLog.publicKey)],
      certificateAuthorities: [
        {
          subject: { organization: 'test', commonName: 'test' },
          uri: url,
          certChain: {
            certificates: [{ rawBytes: Buffer.from(authority.rootCertificate.buffer).toString('base64') }],
          },
          validFor: { start: '2000-01-01T00:00:00Z' },
        },
      ],
      timestampAuthorities: [],
    }),
  );
  return {
    fulcioUrl: url,
    rekorUrl: url,
    trustedRoot,
    token: (sub, iss) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none' })}.${part({ sub, iss, aud: 'sigstore' })}.${part({})}`;
    },
    close: () => server.close(),
  };
}

/** What Rekor records of a proposed envelope: its hashes and signatures. The mock records whatever is proposed. */
function record(proposed: {
  kind: string;
  apiVersion: string;
  spec: { proposedContent: { envelope: string; verifiers: string[] } };
}): object {
  const { envelope, verifiers } = proposed.spec.proposedContent;
  const sha256 = (data: string | Buffer) => ({
    algorithm: 'sha256',
    value: createHash('sha256').update(data).digest('hex'),
  });
  const { payload, signatures } = JSON.parse(envelope);
  return {
    kind: proposed.kind,
    apiVersion: proposed.apiVersion,
    spec: {
      envelopeHash: sha256(envelope),
      payloadHash: sha256(Buffer.from(payload, 'base64')),
      signatures: [{ signature: signatures[0].sig, verifier: verifiers[0] }],
    },
  };
}
