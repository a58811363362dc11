/**
 * Answers inferences of a square of some length, on the event loop's thread or in workers that each have the model:
 * `server.ts FOLDER WORKERS`.
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openModel } from '../../lib/runtime/open-model.ts';

type Infer = (length: number) => void | Promise<void>;

function open(dir: string): Infer {
  const model = openModel(dir);
  return length => {
    const data = new Float32Array(length * 4);
    model.infer({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, length, 4], data }] });
  };
}

/** The least busy worker receives the next inference. */
function hire(dir: string, count: number): Infer {
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: dir });
    const waiting: (() => void)[] = [];
    worker.on('message', () => waiting.shift()!());
    return { worker, waiting };
  });
  return length => {
    const { worker, waiting } = workers.reduce((least, next) =>
      next.waiting.length < least.waiting.length ? next : least,
    );
    return new Promise<void>(resolve => {
      waiting.push(resolve);
      worker.postMessage(length);
    });
  };
}

if (isMainThread) {
  const [dir = '', workers = '0'] = process.argv.slice(2);
  const infer = workers === '0' ? open(dir) : hire(dir, Number(workers));
  const server = createServer(async (request, response) => {
    if (request.url === '/memory') {
      response.end(String(process.memoryUsage.rss()));
      return;
    }
    await infer(Number(request.url!.slice(1)));
    response.end();
  });
  server.listen(0, '127.0.0.1', () => process.send!(server.address()));
} else {
  const infer = open(workerData);
  parentPort!.on('message', async length => {
    await infer(length);
    parentPort!.postMessage('');
  });
}
