import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { advise } from '../../lib/advise/advise.ts';
import { questions } from '../../lib/advise/decide.ts';
import { formatAdvice, formatMonthlyUsd } from '../../lib/advise/format.ts';
import { options } from '../../lib/advise/options.ts';
import type { Origins } from '../../lib/advise/origins.ts';
import { hourlyPrices } from '../../lib/advise/prices.ts';
import { formatAdvicePage } from '../../lib/advise/report/page.ts';
import type { EngineName, Given } from '../../lib/advise/situation.ts';
import { cases } from './cases.ts';

const page = readFileSync(new URL('../../docs/advise.md', import.meta.url), 'utf8');

describe('the worked cases', () => {
  test.each(cases)('$name: $option, $usd USD', ({ given, option, usd }) => {
    const { recommended } = advise(given);
    expect(recommended.id).toBe(option);
    expect(Math.abs(recommended.monthlyUsd! - usd)).toBeLessThanOrEqual(0.05 * usd);
  });

  test.each(cases)('$name: its arithmetic stands in docs/advise.md', ({ name, usd }) => {
    const row = page.split('\n').find(line => line.startsWith('|') && line.includes(`| ${name} |`));
    expect(row).toContain(`**$${usd}**`);
  });
});

test('the tree ends at the question that was answered with yes', () => {
  const { path } = advise({ needsGpu: true });
  expect(path.map(({ answer }) => answer)).toEqual(['no', 'no', 'yes']);
  expect(advise({}).path).toHaveLength(questions.length);
});

test('at the break-even both cost the same, and above it the answer is another', () => {
  const given = { modelBytes: 47e6, coldMs: 488, warmMs: 65 };
  const { breakEvenRequests, alwaysOn } = advise(given);
  const below = advise({ ...given, requestsPerMonth: breakEvenRequests! - 1 });
  const above = advise({ ...given, requestsPerMonth: breakEvenRequests! + 1 });
  expect(below.recommended.id).toBe('lambda');
  expect(above.recommended.id).toBe('api');
  expect(below.recommended.monthlyUsd!).toBeCloseTo(alwaysOn!.monthlyUsd, 3);
  expect(below.changes[0]).toEqual({
    if: `there are ${breakEvenRequests!.toLocaleString('en-US')} requests a month`,
    option: 'a plain API wrapper on an instance',
  });
});

test('of functions there are no numbers where none can do it', () => {
  const { coldShare, breakEvenRequests, alwaysOn } = advise({ needsGpu: true, cloud: 'aws' });
  expect([coldShare, breakEvenRequests, alwaysOn?.id]).toEqual([null, null, 'sagemaker']);
  expect(advise({ onDevices: true }).alwaysOn).toBeNull();
  expect(formatAdvice(advise({ onDevices: true }), false)).toContain('A function cannot run this model');
});

test('what would change the answer does', () => {
  for (const { given } of cases) {
    const { recommended, changes } = advise(given);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.map(({ option }) => option)).not.toContain(recommended.title);
  }
});

test('what was not said is named as assumed', () => {
  const { assumed } = advise({ requestsPerMonth: 5, warmMs: 1 });
  expect(assumed).toContain('latencyMs');
  expect(assumed).not.toContain('requestsPerMonth');
  expect(formatAdvice(advise({ requestsPerMonth: 5 }), false)).toMatch(/Specified: 5 requests a month\./);
});

describe('what is out of the ordinary', () => {
  const optionFor = (given: Given, id: string) => advise(given).options.find(option => option.id === id)!;

  test('a request of 2 GB goes to a container with the memory for it', () => {
    const { recommended, options: all } = advise({ payloadMb: 2048 });
    expect(recommended.id).toBe('container');
    expect(recommended.monthlyUsd).toBeCloseTo((0.04048 + 5 * 0.004445) * 730.5, 2);
    expect(all.find(({ id }) => id === 'api')).toMatchObject({
      monthlyUsd: null,
      cannot: expect.stringContaining('4 GB'),
    });
    expect(recommended.reasons[0]).toContain('objects in a bucket');
  });

  test('more memory brings more CPUs, at their price', () => {
    const { monthlyUsd } = optionFor({ modelBytes: 5e9, cloud: 'google' }, 'container');
    expect(monthlyUsd).toBeCloseTo((4 * 0.0648 + 11 * 0.0072) * 730.5, 2);
  });

  test('a model that no machine of the table holds goes to a platform, without a price', () => {
    const advice = advise({ modelBytes: 1e12 });
    expect(advice.recommended).toMatchObject({ id: 'sagemaker', monthlyUsd: null });
    expect(advice.breakEvenRequests).toBeNull();
    expect(formatAdvice(advice, false)).toContain('whose price is not in the table');
  });

  test('reports a latency that no packaging reaches', () => {
    expect(formatAdvice(advise({ latencyMs: 1 }), false)).toMatch(/Even a warm answer takes 16 ms/);
    expect(formatAdvice(advise({ latencyMs: 20 }), false)).toMatch(
      /a warm answer takes 55 ms.*raise the function’s memory/,
    );
    expect(formatAdvice(advise({}), false)).not.toContain('warm answer');
  });

  test('a cloud that was named has nothing of the others', () => {
    const { options: all, coldShare } = advise({ cloud: 'azure' });
    const foreign = all.filter(({ cannot }) => cannot === 'it is not of Azure');
    expect(foreign.map(({ id }) => id)).toEqual(['lambda', 'google', 'sagemaker', 'vertex']);
    expect(coldShare).toBeNull();
    expect(optionFor({ cloud: 'google' }, 'api').note).toBe('at the price of EC2 t3.medium');
  });

  test('a first answer is not assumed to be quicker than the others', () => {
    expect(advise({ warmMs: 5000 }).situation.coldMs).toBe(5000);
  });

  test('sums are written as people read them, and less than a cent is not nothing', () => {
    expect([1_324_200, 0.004, 0, null].map(formatMonthlyUsd)).toEqual([
      ...['$1,324,200.00', 'under $0.01', '$0.00', '–'],
    ]);
    const little = formatAdvice(advise({ modelBytes: 1000, requestsPerMonth: 1 }), false);
    expect(little).toContain('Specified: a model of 1 KB, 1 request a month.');
  });
});

test('a compiled model has no library to start or to store', () => {
  const of = (engine: EngineName, modelBytes: number) => advise({ engine, modelBytes });
  expect(of('compiled', 20e6).situation).toMatchObject({ coldMs: 146, warmMs: 4 });
  expect(of('onnxruntime', 20e6).situation).toMatchObject({ coldMs: 380, warmMs: 29 });
  expect(of('compiled', 250e6).options[0]).not.toHaveProperty('cannot');
  expect(of('onnxruntime', 250e6).options[0]?.cannot).toContain('the engine');
});

test('each time has its source', () => {
  const formatted = (given: Given, known: Partial<Origins> = {}) => formatAdvice(advise(given, known), false);
  expect(formatted({})).toMatch(
    /ONNX Runtime, assumed[\s\S]*340 ms .*, 16 ms .*, estimated for ONNX Runtime/,
  );
  expect(formatted({ warmMs: 3 })).toMatch(/340 ms .*\(estimated .*3 ms .*\(as you specified\)/);
  expect(
    formatted(
      { engine: 'compiled', coldMs: 9, warmMs: 3 },
      { engine: { from: 'artifact' }, coldMs: 'bench' },
    ),
  ).toMatch(/Engine: compiled, for which the artifact[\s\S]*9 ms .*measured by bench.*specified/);
});

test('a model that the engine cannot run goes into a container, with the reason', () => {
  const { recommended, options } = advise({ obstacles: ['no kernel for Foo'] });
  expect(recommended.id).toBe('container');
  expect(recommended.reasons.join(' ')).toContain('no kernel for Foo');
  expect(options.find(({ id }) => id === 'lambda')?.cannot).toContain('no kernel for Foo');
});

test('every hourly price is dated and has a source, and docs/advise.md has it', () => {
  for (const { dated, source, title, perHour } of Object.values(hourlyPrices)) {
    expect(dated).toMatch(/^20\d\d-\d\d$/);
    expect(new URL(source).protocol).toBe('https:');
    expect(page).toContain(`| ${title} | ${Number(perHour.toFixed(5))} |`);
  }
});

describe('the page', () => {
  test('lights the branch that was taken, and no other', async () => {
    const html = await formatAdvicePage(advise({ needsGpu: true }));
    const tree = /<svg[^>]*class="tree"[\s\S]*?<\/svg>/.exec(html)![0];
    const lit = [...tree.matchAll(/<text class="lit" [^>]*>([^<]+)</g)].map(([, text]) => text);
    expect(lit).toEqual([...questions.slice(0, 3).map(({ ask }) => ask), 'managed platform']);
  });

  test('asks nothing of any server, and has every option and both colour schemes', async () => {
    const html = await formatAdvicePage(advise({}));
    const withoutSources = html
      .replace(/<a href="[^"]*">/g, '')
      .replace(/<script type="application\/json"[\s\S]*?<\/script>/, '');
    expect(withoutSources).not.toMatch(/(?:src|href|url\(|@import)[=("' ]*https?:/);
    expect(html).toContain('prefers-color-scheme:dark');
    for (const { title } of options) {
      expect(html).toContain(title);
    }
  });

  test('draws what has a price, and of the platforms that of the cloud', async () => {
    const drawn = async (given: Given) => {
      const chart = /<svg[^>]*aria-label="What a month costs[\s\S]*?<\/svg>/.exec(
        await formatAdvicePage(advise(given)),
      );
      return options.map(({ title }) => title).filter(title => chart?.[0].includes(title));
    };
    expect(await drawn({ onDevices: true })).toEqual([]);
    expect(await drawn({ needsGpu: true })).toEqual(['SageMaker, a managed platform']);
    expect(await drawn({ cloud: 'azure' })).toEqual([
      'a container that is always on',
      'Azure ML, a managed platform',
      'a plain API wrapper on an instance',
    ]);
  });

  test('escapes what a model says', async () => {
    const html = await formatAdvicePage(advise({ obstacles: ['<script>alert(1)</script>'] }));
    expect(html).not.toContain('<script>alert');
  });
});

describe('the answer does not contradict itself', () => {
  const idsOf = (given: Given, is: (option: { cannot?: string }) => boolean) =>
    advise(given)
      .options.filter(is)
      .map(({ id }) => id);

  test.each([{ onDevices: true, needsGpu: true }, { reproducesEnvironment: true }, { needsGpu: true }])(
    'what is recommended for %o can do it',
    given => {
      const { recommended } = advise(given);
      expect(idsOf(given, ({ cannot }) => cannot !== undefined)).not.toContain(recommended.id);
    },
  );

  test('no function holds the environment that a model was made in', () => {
    const impossible = idsOf({ reproducesEnvironment: true }, ({ cannot }) => cannot !== undefined);
    expect(impossible).toEqual(expect.arrayContaining(['lambda', 'google']));
  });

  test('of a GPU’s latency nothing is said from the times of a CPU', () => {
    const given = { needsGpu: true, modelBytes: 20e9 };
    expect(formatAdvice(advise(given), false)).not.toContain('Even a warm answer');
  });

  test('a model that the engine cannot run is not assumed to need nothing else', () => {
    const text = formatAdvice(advise({ obstacles: ['no kernel for Foo'] }), false);
    expect(text).not.toContain('no packages other than ONNX Runtime');
  });
});
