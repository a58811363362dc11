import { openDrawing } from '../../lib/bench/report/charts/draw.ts';
import { phasesChart } from '../../lib/bench/report/charts/phases.ts';
import { formatSvg } from '../../lib/bench/report/svg.ts';
import type { BenchResult } from '../../lib/bench/result.ts';
import { artifactOf, engineOf, naiveOf, type Row } from './markdown.ts';

/** More pairs than these would not be legible. */
const pictured = ['gbm', 'forest', 'resnet18', 'encoder'];

function picturedOf(rows: readonly Row[]): Row[] {
  return rows.filter(({ case: { disk, name } }) => disk === 'warm' && pictured.includes(name));
}

/** Draws naive and the first packing of each pictured case as a pair of bars, each with its engine. */
export async function drawPicture(rows: readonly Row[]): Promise<string> {
  const shown = picturedOf(rows);
  const summaries = shown.flatMap(row => {
    // Without the size, which would make the longest label too long.
    const [model] = row.case.title.split(',');
    return [
      { ...naiveOf(row), name: `${model}: by hand, ONNX Runtime` },
      { ...artifactOf(row), name: `${model}: coldpress, ${engineOf(row)}` },
    ];
  });
  const together: BenchResult = { ...shown[0]!.result, summaries };
  const chart = phasesChart(together, await openDrawing(), { inWords: true });
  return formatSvg(shown[0]!.result, chart);
}

/** Writes the ratios into the description of the picture in the README, for readers who do not see it. */
export function describePicture(readme: string, rows: readonly Row[]): string {
  const ratios = picturedOf(rows).map(
    row => `${row.case.title} (${engineOf(row)}) ${artifactOf(row).ratio!.value.toFixed(2)}`,
  );
  const text = `The first answer of packed functions from a warm disk, phase by phase, as a share of the time of hand-written ones: ${ratios.join('; ')}`;
  return readme.replace(/!\[[^\]]*\](?=\([^)]*\/results\/table\.svg\))/, `![${text}]`);
}
