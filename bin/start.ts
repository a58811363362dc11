/** `npm start`: the main job on the example, one command after another, as a user would type them; on each engine. */
import { spawnSync } from 'node:child_process';
import { arch } from 'node:os';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('./coldpress.js', import.meta.url));
const example = 'examples/breast-cancer';
// The function must run on this machine; what is deployed is packed for arm64 by default.
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
