/** What every description of the server says of it. */
export const serverPort = 8080;
export const healthPaths = { live: '/v2/health/live', ready: '/v2/health/ready' } as const;
/** Of Node's own images: nothing that the server does needs more rights. */
export const userId = 1000;
