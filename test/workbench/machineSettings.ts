// The settings and variables of the VS Code that tests and `npm start` run: quiet, without its own side bars, in a chosen theme.

/** The looks to choose from. */
export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  'high-contrast': 'Default High Contrast',
} as const;

/** One of the looks. */
export type ThemeName = keyof typeof themes;

/** Whether a word from a command line names a look. */
export function isThemeName(word: string): word is ThemeName {
  return word in themes;
}

/** Makes VS Code believe that a shell started it; otherwise it asks a login shell for the environment and forgets the PATH it was given. */
export const keepEnvironment = { VSCODE_CLI: '1' } as const;

/** Settings that keep away what has nothing to do with the extension. */
export function machineSettings(theme: ThemeName): Record<string, unknown> {
  return {
    'workbench.colorTheme': themes[theme],
    'window.autoDetectColorScheme': false,
    'telemetry.telemetryLevel': 'off',
    'workbench.startupEditor': 'none',
    'workbench.welcomePage.walkthroughs.openOnInstall': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.tips.enabled': false,
    'chat.disableAIFeatures': true,
    'extensions.ignoreRecommendations': true,
    'update.mode': 'none',
    'git.enabled': false,
    // A busy machine is not what the tests are about.
    'meshCa.trust.timeoutSeconds': 30,
  };
}
