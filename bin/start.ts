/** `npm start`: runs the main commands on the example, as a user would type them, with each engine. */
import { spawnSync } from 'node:child_process';
import { arch } from 'node:os';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('./coldpress.js', import.meta.url));
const example = 'examples/breast-cancer';
// The function must run on this machine, but the default for deployment is arm64.
const cpu = arch() === 'arm64' ? 'arm64' : 'x64';

const commands = [
  `inspect ${example}/model.onnx`,
  `pack --config ${example}/coldpress.config.ts --arch ${cpu} --out build/example`,
  `invoke build/example --event ${example}/event.json`,
  `pack --config ${example}/coldpress.config.ts --arch ${cpu} --engine onnxruntime --out build/native`,
  `invoke build/native --event ${example}/event.json`,
];

for (const command of commands) {
  console.log(`\n$ npx coldpress ${command}\n`);
  const { status } = spawnSync(process.execPath, [cli, ...command.split(' ')], { stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
