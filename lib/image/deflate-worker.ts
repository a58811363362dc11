import { parentPort } from 'node:worker_threads';
import { deflatePiece } from './deflate.ts';

parentPort!.on('message', (piece: Uint8Array) => {
  const compressed = deflatePiece(piece);
  parentPort!.postMessage(compressed, [compressed.buffer]);
});
