// @ts-check
/**
 * Loaded before a function's runtime: answers each byte on the socket `COLDPRESS_WATCH` with how long the event loop was
 * blocked at most since the last, and the memory once its garbage is collected: what is resident, and what JavaScript
 * holds of it, buffers included.
 */
const { rmSync } = require('node:fs');
const { createServer } = require('node:net');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const path = process.env.COLDPRESS_WATCH ?? '';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** By the CPU time of the loop's own thread, so that what else runs on the machine does not count. */
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
let last = cpuMs();
let most = 0;
setInterval(() => {
  const now = cpuMs();
  most = Math.max(most, now - last);
  last = now;
}, 1).unref();

rmSync(path, { force: true });
const server = createServer(socket => {
  socket.unref();
  socket.on('error', () => {});
  socket.on('data', () => {
    const blockedMs = Math.max(most, cpuMs() - last);
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    const memory = { residentMb: rss / 2 ** 20, heldMb: (heapUsed + external) / 2 ** 20 };
    socket.write(`${JSON.stringify({ blockedMs, ...memory })}\n`);
    most = 0;
    last = cpuMs();
  });
});
server.listen(path);
server.unref();
