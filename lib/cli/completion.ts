import { script } from '@bomb.sh/tab';
import complete from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/**
 * Adds `completion SHELL`, which prints a script to evaluate, and the hidden `complete -- WORDS...`, which that script
 * runs. A script printed by `npx coldpress completion` does not need coldpress on the PATH.
 */
export function addCompletion(program: Command): void {
  complete(program, { completionCommandName: 'completion' });
  program.commands
    .find(command => command.name() === 'completion')!
    .description('print a script for tab completion: eval "$(coldpress completion bash)"')
    .action((shell: Shell) => {
      const call = isNpx(process.env) ? 'npx --no-install coldpress' : 'coldpress';
      if (shell === 'bash') {
        console.log(bashScript(call));
        return;
      }
      script(shell, 'coldpress', call);
      console.log(npxScripts(call)[shell]);
    });
}

/** npx sets this variable for the programs that it runs. */
function isNpx(env: NodeJS.ProcessEnv): boolean {
  return env.npm_command === 'exec';
}

/** Uses only bash: the library's script needs the package bash-completion, which macOS and containers lack. */
function bashScript(call: string): string {
  return `# bash completion for coldpress and npx coldpress

# Prints the completions of the words in its arguments, the last of which is the unfinished one.
__coldpress_candidates() {
  local -a words=()
  local word
  # bash splits --flag=value into three words.
  for word in "$@"; do
    [[ $word == '=' ]] || words+=("$word")
  done
  [[ \${!#} == '=' ]] && words+=('')
  ${call} complete -- "\${words[@]}" 2>/dev/null | while IFS=$'\\t' read -r value _; do
    [[ $value == :* ]] || printf '%s\\n' "$value"
  done
}

__coldpress_complete() {
  local first=1 IFS=$'\\n' current="\${COMP_WORDS[COMP_CWORD]}"
  if [[ \${COMP_WORDS[0]} == npx ]]; then
    [[ $COMP_CWORD -ge 2 && \${COMP_WORDS[1]} == coldpress ]] || return
    first=2
  fi
  [[ $current == '=' ]] && current=''
  COMPREPLY=($(compgen -W "$(__coldpress_candidates "\${COMP_WORDS[@]:first:COMP_CWORD-first+1}")" -- "$current"))
}

# Where coldpress knows no completion, files are completed.
complete -o default -F __coldpress_complete coldpress
complete -p npx >/dev/null 2>&1 || complete -o default -F __coldpress_complete npx`;
}

/** The library's scripts complete only `coldpress`; these add `npx coldpress`. */
function npxScripts(call: string): Record<Exclude<Shell, 'bash'>, string> {
  return {
    zsh: `
_coldpress_npx() {
  if [[ $CURRENT -gt 2 && $words[2] == coldpress ]]; then
    shift words
    (( CURRENT-- ))
    _coldpress
  else
    _default
  fi
}
(( $+_comps[npx] )) || compdef _coldpress_npx npx`,
    fish: `
function __coldpress_npx
  set -l words (commandline -opc)
  ${call} complete -- $words[3..-1] (commandline -ct) 2>/dev/null | string match -rv '^:'
end
complete -c npx -f -n '__fish_seen_subcommand_from coldpress' -a '(__coldpress_npx)'`,
    powershell: '',
  };
}
