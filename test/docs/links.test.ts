import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync(['*.md', '{docs,bench,examples}/**/*.md'], { cwd: root }).filter(
  page => !page.includes('node_modules'),
);

/** As GitHub makes them of headings, and those that a page sets itself. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(page, 'utf8');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const own = [...text.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id!);
  return new Set([...headings, ...own]);
}

/** Files of this repository on the web: what the published package does not have is linked there. */
const ownUrl =
  /^https:\/\/(?:github\.com\/coldpress\/coldpress\/(?:blob|tree)|raw\.githubusercontent\.com\/coldpress\/coldpress)\/(?:main\/)?/;

test.each(pages)('%s links to what there is', page => {
  const file = join(root, page);
  const text = readFileSync(file, 'utf8').replace(/```[\s\S]*?```/g, '');
  const broken = [...text.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)].flatMap(([link, path = '', anchor]) => {
    if (/^(https?|mailto):/.test(path) && !ownUrl.test(path)) {
      return [];
    }
    const target = ownUrl.test(path)
      ? join(root, path.replace(ownUrl, ''))
      : path === ''
        ? file
        : resolve(dirname(file), path);
    if (!existsSync(target)) {
      return [`${link}: no such file`];
    }
    const isLost = anchor !== undefined && statSync(target).isFile() && !anchorsOf(target).has(anchor);
    return isLost ? [`${link}: no such heading in ${relative(root, target)}`] : [];
  });
  expect(broken).toEqual([]);
});

test('the picture of the architecture has every folder of lib', () => {
  const picture = /```mermaid\n([\s\S]*?)```/.exec(
    readFileSync(join(root, 'docs/architecture.md'), 'utf8'),
  )![1]!;
  const folders = globSync('lib/*/', { cwd: root }).map(folder =>
    folder.replaceAll('\\', '/').replace(/\/$/, ''),
  );
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  expect(folders.filter(folder => !text.includes(folder))).toEqual([]);
  const drawn = [...picture.matchAll(/"((?:lib|handlers)[\w/.]*)/g)].map(([, name]) => name!);
  expect(drawn.filter(name => !existsSync(join(root, name)))).toEqual([]);
});
