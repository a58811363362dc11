/** What every description of the server says of it. */
export const serverPort = 8080;
export const healthPaths = { live: '/v2/health/live', ready: '/v2/health/ready' } as const;
/** Of Node's own images: nothing that the server does needs more rights. */
export const userId = 1000;

/** Node's own image: the oldest Debian that it is made on. @param major - `24` */
export function nodeImage(major: string): string {
  return `node:${major}-bookworm-slim`;
}
