// @ts-check
/**
 * Loaded before a function's runtime. On the socket `COLDPRESS_WATCH`, the answer to `b` is the longest time that the
 * event loop was blocked since the last query: in CPU time, and in wall time, which includes whatever else ran on the
 * machine. The answer to `m` is the memory after garbage collection: the resident size, and the part that JavaScript
 * holds, including buffers.
 */
const { rmSync } = require('node:fs');
const { createServer } = require('node:net');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const path = process.env.COLDPRESS_WATCH ?? '';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** CPU time of the event loop's own thread. */
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
let last = { cpu: cpuMs(), wall: performance.now() };
let most = { cpu: 0, wall: 0 };
function turn() {
  const now = { cpu: cpuMs(), wall: performance.now() };
  most = { cpu: Math.max(most.cpu, now.cpu - last.cpu), wall: Math.max(most.wall, now.wall - last.wall) };
  last = now;
}
setInterval(turn, 1).unref();

rmSync(path, { force: true });
const server = createServer(socket => {
  socket.unref();
  socket.on('error', () => {});
  socket.on('data', asked => {
    if (String(asked) === 'b') {
      turn();
      socket.write(`${JSON.stringify({ blockedMs: most.cpu, blockedWallMs: most.wall })}\n`);
      most = { cpu: 0, wall: 0 };
      return;
    }
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    socket.write(
      `${JSON.stringify({ residentMb: rss / 2 ** 20, heldMb: (heapUsed + external) / 2 ** 20 })}\n`,
    );
    // Excludes the time of this query.
    last = { cpu: cpuMs(), wall: performance.now() };
  });
});
server.listen(path);
server.unref();
