import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import type { EndpointImage } from './props.ts';

const digestForm = /^sha256:[0-9a-f]{64}$/;

/** Returns the digest of the image in ECR. @throws ColdpressError IMAGE_DIGEST */
export function digestOf(image: EndpointImage): string {
  const digest = 'digest' in image ? image.digest : readLayout(image.layout);
  if (!digestForm.test(digest)) {
    throw new ColdpressError('IMAGE_DIGEST', `the image's digest is "${digest}"`, {
      hint: 'sha256: and 64 hexadecimal digits, as `coldpress image --push` prints it',
    });
  }
  return digest;
}

/** https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
function readLayout(dir: string): string {
  const path = join(dir, 'index.json');
  if (!existsSync(path)) {
    throw new ColdpressError('IMAGE_DIGEST', `${dir} holds no image: ${path} is missing`, {
      hint: 'npx coldpress image build --out image',
    });
  }
  const { manifests = [] } = JSON.parse(readFileSync(path, 'utf8')) as { manifests?: { digest: string }[] };
  return manifests[0]?.digest ?? '';
}
