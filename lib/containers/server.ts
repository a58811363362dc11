/** Facts about the server that all descriptions share. */
export const serverPort = 8080;
export const healthPaths = { live: '/v2/health/live', ready: '/v2/health/ready' } as const;
/** The user of Node's own images: the server needs no other rights. */
export const userId = 1000;

/** Node's own image on the oldest Debian that it is built for. @param major - `24` */
export function nodeImage(major: string): string {
  return `node:${major}-bookworm-slim`;
}
