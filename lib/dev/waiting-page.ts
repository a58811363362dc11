import { escapeHtml } from '../contract/escape-html.ts';
import { htmlDocument } from '../local/playground/document.ts';

/** The page instead of the playground until a function runs, for which it checks once a second. */
export function waitingPage(error: string | undefined): string {
  const packing = 'coldpress is packing the model. The playground opens when the function runs.';
  return htmlDocument(
    'coldpress dev',
    `<header><h1>No function yet</h1></header>
<main><p id="trouble" class="bad" role="status">${escapeHtml(error ?? packing)}</p></main>
<script>
setInterval(async () => {
  const state = await fetch('/_coldpress/state').then(response => response.json()).catch(() => undefined);
  const trouble = state ? state.error ?? '${packing}' : 'coldpress dev has stopped';
  if (state && state.ready) {
    location.reload();
  } else if (document.getElementById('trouble').textContent !== trouble) {
    document.getElementById('trouble').textContent = trouble;
  }
}, 1000);
</script>`,
  );
}
