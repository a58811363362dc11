import type { Pain } from '../pain.ts';

/** Platforms that run containers. */
export const containerPains: readonly Pain[] = [
  {
    id: 'container-port',
    patterns: [
      /failed to start and listen on the port defined (?:provided )?by the PORT/i,
      /(?:production variant|container).{0,80}did not pass the ping health check/i,
      /(?:liveness|readiness|startup) probe failed.{0,120}(?:connection refused|connect: |statuscode: 404)/i,
    ],
    cause:
      'Nothing answers in time at the port and path that the platform requests: the server listens elsewhere, listens on 127.0.0.1 only, or exited during startup.',
    fix: 'Read the container’s own log first. A container of coldpress listens on PORT, AIP_HTTP_PORT, SAGEMAKER_BIND_TO_PORT or 8080, on every interface, and answers /ping and /v2/health/ready.',
    command: 'npx coldpress serve DIR',
    link: 'docs/containers.md',
  },
  {
    id: 'container-architecture',
    patterns: [
      /image.{0,40}platform \(linux\/\w+(?:\/v8)?\) does not match the (?:detected host|expected|specified) platform/i,
      /must support amd64\/linux/i,
    ],
    cause: 'The image was built for another CPU than the machine’s, often on a Mac with Apple silicon.',
    fix: 'Pack for the CPU that the platform has; the emitted Dockerfile names it. Cloud Run and Vertex AI support only x64.',
    command: 'npx coldpress pack MODEL --target container --arch x64 --out DIR',
    link: 'docs/containers.md',
  },
];
