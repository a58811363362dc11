/** Writes the list of native files after an update of ONNX Runtime: `node test/native/write-shipped.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { shippedJson, shippedList } from './shipped-list.ts';

const { files } = JSON.parse(readFileSync(shippedJson, 'utf8'));
writeFileSync(shippedJson, `${JSON.stringify(shippedList(Object.keys(files)), null, 2)}\n`);
