// What a command is called in the editor's language, as VS Code hands over package.json with its texts put in.
import type { CommandId } from '../../contributions.js';

interface ContributedCommands {
  readonly contributes?: { readonly commands?: readonly { readonly command: string; readonly title: string | { readonly value: string } }[] };
}

/** Titles without the dots that say that a command asks first; the id of a command whose title VS Code did not translate. */
export function commandTitles(packageJson: unknown): (id: CommandId) => string {
  const { contributes } = packageJson as ContributedCommands;
  const titles = new Map(contributes?.commands?.map(({ command, title }) => [command, typeof title === 'string' ? title : title.value]));
  return (id) => {
    const title = titles.get(id)?.replace(/…$/, '') ?? '';
    return title === '' || title.startsWith('%') ? id : title;
  };
}
