// @ts-check
/**
 * Loaded before a function's runtime: answers each byte on the socket `COLDPRESS_WATCH` with how long the event loop
 * was blocked at most since the last, and the resident memory once its garbage is collected.
 */
const { rmSync } = require('node:fs');
const { createServer } = require('node:net');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const path = process.env.COLDPRESS_WATCH ?? '';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

rmSync(path, { force: true });
const server = createServer(socket => {
  socket.unref();
  socket.on('error', () => {});
  socket.on('data', () => {
    const blockedMs = delay.max / 1e6;
    collect();
    const residentMb = process.memoryUsage.rss() / 2 ** 20;
    socket.write(`${JSON.stringify({ blockedMs, residentMb })}\n`);
    delay.reset();
  });
});
server.listen(path);
server.unref();
